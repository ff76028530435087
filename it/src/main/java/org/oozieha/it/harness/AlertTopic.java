package org.oozieha.it.harness;

import java.time.Instant;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.Session;
import javax.jms.TextMessage;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.oozie.client.event.jms.JMSHeaderConstants;
import org.json.simple.JSONObject;
import org.json.simple.JSONValue;

/** A subscriber to all topics of a broker, and the SLA alerts it got. Thread-safe. */
public final class AlertTopic implements AutoCloseable {
    private final Alerts alerts = new Alerts();
    private final Connection connection;

    private AlertTopic(Connection connection) {
        this.connection = connection;
    }

    /** Returns when it is subscribed: it misses nothing that is sent from now on. */
    static AlertTopic subscribe(HiveProcess broker) {
        try {
            Connection connection = new ActiveMQConnectionFactory("tcp://" + broker.endpoint()).createConnection();
            try {
                return subscribed(connection);
            } catch (JMSException e) {
                connection.close();
                throw e;
            }
        } catch (JMSException e) {
            throw new IllegalStateException("no subscription at " + broker.endpoint(), e);
        }
    }

    private static AlertTopic subscribed(Connection connection) throws JMSException {
        AlertTopic topic = new AlertTopic(connection);
        connection.start();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        session.createConsumer(session.createTopic("*")).setMessageListener(topic::arrived);
        return topic;
    }

    private void arrived(Message message) {
        try {
            if ("END_MISS".equals(message.getStringProperty(JMSHeaderConstants.EVENT_STATUS))) {
                JSONObject body = (JSONObject) JSONValue.parse(((TextMessage) message).getText());
                alerts.arrived((String) body.get("id"), Instant.now());
            }
        } catch (JMSException e) {
            throw new IllegalStateException("not an alert: " + message, e);
        }
    }

    /** What has arrived by now. */
    public Alerts alerts() {
        return alerts;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (JMSException e) {
            throw new IllegalStateException("cannot end the subscription", e);
        }
    }
}
