package org.oozieha.hcat;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.jms.ConnectionFactory;
import javax.jms.InvalidDestinationException;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.apache.oozie.jms.DefaultConnectionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Oozie's connection context with durable subscriptions: the broker keeps messages of the client id while it is away. */
final class DurableConnectionContext extends DefaultConnectionContext {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final String FACTORY = "connectionFactoryNames";

    private final String clientId;
    private final Map<String, MessageConsumer> consumers = new ConcurrentHashMap<>();

    DurableConnectionContext(String clientId) {
        this.clientId = clientId;
    }

    /** The client id must be set before anything else is done with a connection. */
    @Override
    public void createConnection(Properties properties) throws NamingException, JMSException {
        Context names = new InitialContext(properties);
        Object factoryName = names.getEnvironment().get(FACTORY);
        boolean named = factoryName != null && !factoryName.toString().trim().isEmpty();
        connectionFactoryName = named ? factoryName.toString() : "ConnectionFactory";
        connection = ((ConnectionFactory) names.lookup(connectionFactoryName)).createConnection();
        connection.setClientID(clientId);
        connection.start();
    }

    @Override
    public MessageConsumer createConsumer(Session session, String topic) throws JMSException {
        MessageConsumer consumer = session.createDurableSubscriber(session.createTopic(topic), topic);
        consumers.put(topic, consumer);
        return consumer;
    }

    /** Ends the subscription for good: nobody waits for its messages. */
    void leave(Session session, String topic) throws JMSException {
        MessageConsumer consumer = consumers.remove(topic);
        if (consumer != null) {
            consumer.close();
        }
        try {
            session.unsubscribe(topic);
        } catch (InvalidDestinationException neverSubscribed) {
            LOG.debug("The broker knows no such durable subscription: topic={}", topic);
        }
    }
}
