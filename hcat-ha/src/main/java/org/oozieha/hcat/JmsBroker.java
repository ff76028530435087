package org.oozieha.hcat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.jms.ConnectionContext;
import org.apache.oozie.jms.DefaultConnectionContext;
import org.apache.oozie.jms.JMSConnectionInfo;
import org.apache.oozie.jms.MessageHandler;
import org.apache.oozie.jms.MessageReceiver;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.JMSAccessorService;
import org.oozieha.hcat.topic.Broker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker by JMS, through the connection context that Oozie is configured with: one connection, a session for each topic.
 *
 * <p>With a client id the subscriptions are durable; that needs Oozie's own connection context.
 */
final class JmsBroker implements Broker<MessageHandler> {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");

    private final JMSConnectionInfo info;
    private final Class<?> context;
    private final int sessionOptions;
    private final Optional<String> clientId;

    private JmsBroker(JMSConnectionInfo info, Class<?> context, int sessionOptions, Optional<String> clientId) {
        this.info = info;
        this.context = context;
        this.sessionOptions = sessionOptions;
        this.clientId = clientId;
    }

    static Function<JMSConnectionInfo, JmsBroker> factory(Configuration conf, Optional<String> clientId) {
        Class<?> context = ConfigurationService.getClass(conf, JMSAccessorService.JMS_CONNECTION_CONTEXT_IMPL);
        int options = conf.getInt(JMSAccessorService.SESSION_OPTS, Session.AUTO_ACKNOWLEDGE);
        if (clientId.isPresent() && context != DefaultConnectionContext.class) {
            LOG.warn(
                    "oozie.ha.hcat.jms.durable has no effect with {} = {}",
                    JMSAccessorService.JMS_CONNECTION_CONTEXT_IMPL,
                    context.getName());
        }
        return info -> new JmsBroker(info, context, options, clientId);
    }

    @Override
    public Connection<MessageHandler> connect(Runnable lost) throws Exception {
        ConnectionContext opened = context();
        boolean usable = false;
        try {
            opened.createConnection(info.getJNDIProperties());
            opened.setExceptionListener(failure -> {
                LOG.warn("The broker's connection failed: reason={}", failure.toString());
                lost.run();
            });
            usable = true;
            return new Open(opened);
        } finally {
            if (!usable) {
                opened.close();
            }
        }
    }

    @Override
    public boolean keepsMessages() {
        return clientId.isPresent() && context == DefaultConnectionContext.class;
    }

    private ConnectionContext context() throws ReflectiveOperationException {
        if (context != DefaultConnectionContext.class) {
            return (ConnectionContext) context.getDeclaredConstructor().newInstance();
        }
        return keepsMessages() ? new DurableConnectionContext(clientId.get()) : new DefaultConnectionContext();
    }

    private final class Open implements Connection<MessageHandler> {
        private final ConnectionContext opened;
        private final Map<String, Session> sessions = new HashMap<>();

        private Open(ConnectionContext opened) {
            this.opened = opened;
        }

        @Override
        public void subscribe(String topic, MessageHandler handler) throws JMSException {
            Session session = opened.createSession(sessionOptions);
            boolean listening = false;
            try {
                MessageConsumer consumer = opened.createConsumer(session, topic);
                consumer.setMessageListener(new MessageReceiver(handler, session, consumer));
                sessions.put(topic, session);
                listening = true;
            } finally {
                if (!listening) {
                    JmsBroker.close(session);
                }
            }
        }

        @Override
        public void leave(String topic) throws JMSException {
            Session known = sessions.remove(topic);
            if (opened instanceof DurableConnectionContext) {
                Session session = known == null ? opened.createSession(sessionOptions) : known;
                try {
                    ((DurableConnectionContext) opened).leave(session, topic);
                } finally {
                    JmsBroker.close(session);
                }
            } else if (known != null) {
                JmsBroker.close(known);
            }
        }

        @Override
        public void close() {
            opened.close();
        }
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (JMSException e) {
            LOG.info("A session could not be closed: reason={}", e.toString());
        }
    }
}
