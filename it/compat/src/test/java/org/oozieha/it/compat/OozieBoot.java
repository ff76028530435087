package org.oozieha.it.compat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.Services;

/**
 * Started in a JVM of its own: boots Oozie's services as a server does, says which one answers for each class name given, and
 * shuts them down. Each line of its own starts with a colon; the services' logs go elsewhere.
 */
public final class OozieBoot {
    private static final long STOP_MS = 10_000;

    private OozieBoot() {}

    public static void main(String[] classNames) throws Exception {
        Services services = new Services();
        services.init();
        for (String name : classNames) {
            Service service = registered(services, Class.forName(name));
            System.out.println(":service "
                    + (service == null ? "none for " + name : service.getClass().getName()));
        }
        services.destroy();
        System.out.println(":destroyed");
        System.out.println(":left " + leftThreads());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Services are registered under the stock type they stand for, which is a supertype of the class. */
    private static Service registered(Services services, Class<?> type) {
        for (Class<?> key = type; Service.class.isAssignableFrom(key); key = key.getSuperclass()) {
            Service service = services.get(key.asSubclass(Service.class));
            if (service != null) {
                return service;
            }
        }
        return null;
    }

    private static String leftThreads() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MS);
        String left = threadsOfThePack();
        while (!left.isEmpty() && System.nanoTime() < end) {
            never.await(50, TimeUnit.MILLISECONDS);
            left = threadsOfThePack();
        }
        return left;
    }

    private static String threadsOfThePack() {
        StringBuilder left = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            if (thread.getKey() != Thread.currentThread() && ofThePack(thread.getKey(), thread.getValue())) {
                left.append('[').append(thread.getKey().getName()).append(']');
            }
        }
        return left.toString();
    }

    private static boolean ofThePack(Thread thread, StackTraceElement[] stack) {
        if (thread.getClass().getName().startsWith("org.oozieha.")
                || thread.getName().startsWith("oozie-ha")) {
            return true;
        }
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith("org.oozieha.")) {
                return true;
            }
        }
        return false;
    }
}
