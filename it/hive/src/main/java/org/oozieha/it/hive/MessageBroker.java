package org.oozieha.it.hive;

import org.apache.activemq.broker.BrokerService;

/** An ActiveMQ broker that keeps nothing on disk. Argument: its URL. */
public final class MessageBroker {
    private MessageBroker() {}

    public static void main(String[] args) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setPersistent(false);
        broker.setUseJmx(false);
        broker.addConnector(args[0]);
        broker.start();
        broker.waitUntilStopped();
    }
}
