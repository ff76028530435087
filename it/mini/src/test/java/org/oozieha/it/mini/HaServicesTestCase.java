package org.oozieha.it.mini;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.test.XTestCase;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.service.HaNode;

/** Oozie's own test base with one ZooKeeper for the JVM and a namespace for each boot. */
public abstract class HaServicesTestCase extends XTestCase {
    static final String LOCKS = "org.oozieha.service.ZKLocksService";
    static final String IDS = "org.oozieha.service.ZKUUIDService";
    static final String CONCURRENCY = "org.oozieha.service.ZKJobsConcurrencyService";
    static final String LOGS = "org.oozieha.service.ZKXLogStreamingService";
    static final String DATABASE = "org.oozieha.service.FencedJPAService";
    static final List<String> ALL =
            Collections.unmodifiableList(Arrays.asList(LOCKS, IDS, CONCURRENCY, LOGS, DATABASE));

    private static final long BOUND_MS = 15_000;

    private static ZooKeeperServer zookeeper;
    private static int boots;

    @Override
    protected void setUp() throws Exception {
        super.setUp(false);
        synchronized (HaServicesTestCase.class) {
            if (zookeeper == null) {
                zookeeper = ZooKeeperServer.start();
            }
        }
    }

    @Override
    protected void tearDown() throws Exception {
        Services services = Services.get();
        if (services != null) {
            services.destroy();
        }
        super.tearDown();
    }

    static ZooKeeperServer zookeeper() {
        return zookeeper;
    }

    /** Real services: the base services of stock Oozie, and the given ones of the pack. */
    protected static Services boot(List<String> classNames, String... keysAndValues) throws ServiceException {
        Services services = new Services();
        Configuration conf = services.get(ConfigurationService.class).getConf();
        conf.set(Services.CONF_SERVICE_EXT_CLASSES, String.join(",", classNames));
        conf.set("oozie.zookeeper.connection.string", zookeeper.connectionString());
        conf.set("oozie.zookeeper.namespace", "mini-" + ++boots);
        conf.set("oozie.ha.activation.http.check", "false");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            conf.set(keysAndValues[i], keysAndValues[i + 1]);
        }
        services.init();
        return services;
    }

    protected static String zookeeperAddress() {
        return zookeeper.connectionString();
    }

    static Lease lease() {
        return HaNode.current().get().cluster().lease();
    }

    /** This server's session ends; all its tokens are dead from then on. */
    static void endIncarnation() throws Exception {
        Incarnation before = lease().incarnation();
        String namespace = Services.get().getConf().get("oozie.zookeeper.namespace");
        zookeeper().delete("/" + namespace + "/ha/heartbeats/" + before.serverId());
        eventually("another incarnation", true, () -> lease().incarnation().supersedes(before));
    }

    static void assertNothingIsLeft() throws Exception {
        eventually("threads left", "[]", () -> threadsOfThePack().toString());
        eventually("ephemeral nodes left", 0, () -> zookeeper.ephemerals());
    }

    /** Waits until the value is the expected one; after the bound the comparison fails as usual. */
    protected static <T> void eventually(String what, T expected, Callable<T> actual) throws Exception {
        eventually(BOUND_MS, what, expected, actual);
    }

    /** As {@link #eventually(String, Object, Callable)}, with a bound of its own, which slow machines scale too. */
    protected static <T> void eventually(long boundMs, String what, T expected, Callable<T> actual) throws Exception {
        long end =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(boundMs) * Integer.getInteger("it.timing.scale", 1);
        while (!expected.equals(actual.call()) && System.nanoTime() < end) {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
        assertEquals(what, expected, actual.call());
    }

    private static List<String> threadsOfThePack() {
        List<String> names = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            for (StackTraceElement frame : thread.getValue()) {
                String type = frame.getClassName();
                if (type.startsWith("org.oozieha.") && !type.startsWith("org.oozieha.it.")) {
                    names.add(thread.getKey().getName());
                    break;
                }
            }
        }
        return names;
    }
}
