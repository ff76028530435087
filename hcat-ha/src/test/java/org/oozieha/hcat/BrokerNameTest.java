package org.oozieha.hcat;

import static org.junit.Assert.assertEquals;

import org.apache.oozie.jms.JMSConnectionInfo;
import org.junit.Test;

public final class BrokerNameTest {
    @Test
    public void a_broker_is_called_by_where_it_is() {
        assertEquals("tcp://mq:61616", name("java.naming.provider.url#tcp://mq:61616"));
        assertEquals(
                "failover:(tcp://a:61616,tcp://b:61616)",
                name("java.naming.provider.url#failover:(tcp://a:61616,tcp://b:61616)"));
    }

    @Test
    public void what_is_needed_to_log_in_is_not_told() {
        assertEquals(
                "tcp://mq:61616",
                name("java.naming.provider.url#tcp://mq:61616;java.naming.security.principal#oozie;"
                        + "java.naming.security.credentials#secret;password#secret"));
        assertEquals(
                "failover:(tcp://a:61616,ssl://b:61617)",
                name("java.naming.provider.url#failover:(tcp://a:61616?jms.password=secret,"
                        + "ssl://oozie:secret@b:61617?x=y)?randomize=false"));
    }

    @Test
    public void a_broker_without_an_address_is_called_by_the_class_that_finds_it() {
        assertEquals(
                "of org.example.Factory",
                name("java.naming.factory.initial#org.example.Factory;java.naming.security.credentials#secret"));
        assertEquals("of JNDI", name("password#secret"));
    }

    private static String name(String rule) {
        return BrokerName.of(new JMSConnectionInfo(rule).getJNDIProperties());
    }
}
