package org.oozieha.it.mini;

import java.lang.reflect.Proxy;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.jms.ExceptionListener;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.apache.oozie.jms.DefaultConnectionContext;

/** A broker that is down, or refuses topics, as a test says; counts who asks. One for the JVM, as Oozie makes its instances itself. */
public final class ScriptedContext extends DefaultConnectionContext {
    private static final AtomicInteger ATTEMPTS = new AtomicInteger();
    private static final AtomicInteger CONSUMERS = new AtomicInteger();
    private static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();
    private static volatile boolean down;

    static void reset() {
        ATTEMPTS.set(0);
        CONSUMERS.set(0);
        REFUSED.clear();
        down = false;
    }

    static void setDown(boolean isDown) {
        down = isDown;
    }

    static void refuse(String topic) {
        REFUSED.add(topic);
    }

    static void refuseNothing() {
        REFUSED.clear();
    }

    static int attempts() {
        return ATTEMPTS.get();
    }

    static int consumers() {
        return CONSUMERS.get();
    }

    @Override
    public void createConnection(Properties properties) throws JMSException {
        ATTEMPTS.incrementAndGet();
        if (down) {
            throw new JMSException("no broker");
        }
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) {}

    @Override
    public Session createSession(int options) {
        return (Session) anything(Session.class);
    }

    @Override
    public MessageConsumer createConsumer(Session session, String topic) throws JMSException {
        if (REFUSED.contains(topic)) {
            throw new JMSException("refused");
        }
        CONSUMERS.incrementAndGet();
        return (MessageConsumer) anything(MessageConsumer.class);
    }

    @Override
    public void close() {}

    private static Object anything(Class<?> type) {
        return Proxy.newProxyInstance(
                ScriptedContext.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
    }
}
