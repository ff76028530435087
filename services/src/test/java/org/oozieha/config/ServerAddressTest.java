package org.oozieha.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import org.junit.Test;

public class ServerAddressTest {
    private static final HostNames HOST = new HostNames() {
        @Override
        public String canonical() {
            return "node1.example.com";
        }

        @Override
        public boolean isThisHost(String name) {
            return name.startsWith("node1");
        }
    };

    @Test
    public void the_wildcard_address_is_never_announced() {
        for (String bound : new String[] {"0.0.0.0", "::", "[::]", ""}) {
            ServerAddress address = ServerAddress.of("", "", bound, false, 11000, HOST);
            assertEquals("http://node1.example.com:11000/oozie", address.url());
            assertEquals("node1.example.com", address.id());
        }
    }

    @Test
    public void an_instance_id_that_is_a_name_of_this_host_is_announced() {
        assertEquals(
                "https://node1:11443/oozie",
                ServerAddress.of("", "node1", "0.0.0.0", true, 11443, HOST).url());
    }

    @Test
    public void an_instance_id_that_is_no_name_of_this_host_is_only_an_id() {
        ServerAddress address = ServerAddress.of("", "oozie-1", "0.0.0.0", false, 11000, HOST);
        assertEquals("oozie-1", address.id());
        assertEquals("http://node1.example.com:11000/oozie", address.url());
    }

    @Test
    public void the_only_interface_that_answers_is_announced() {
        ServerAddress address = ServerAddress.of("", "node1", "10.0.0.7", false, 11000, HOST);
        assertEquals("node1", address.id());
        assertEquals("http://10.0.0.7:11000/oozie", address.url());
        assertEquals(
                "10.0.0.7",
                ServerAddress.of("", "", "10.0.0.7", false, 11000, HOST).id());
    }

    @Test
    public void an_ipv6_address_gets_brackets_once() {
        assertEquals(
                "http://[fe80::1]:1/oozie",
                ServerAddress.of("", "", "fe80::1", false, 1, HOST).url());
        assertEquals(
                "http://[fe80::1]:1/oozie",
                ServerAddress.of("", "", "[fe80::1]", false, 1, HOST).url());
    }

    @Test
    public void a_given_url_wins() {
        assertEquals(
                "http://a:1/oozie",
                ServerAddress.of("http://a:1/oozie", "node1", "10.0.0.7", true, 2, HOST)
                        .url());
    }

    @Test
    public void the_host_knows_its_own_name_and_no_foreign_one() {
        assertFalse(HostNames.SYSTEM.canonical().isEmpty());
        assertEquals(true, HostNames.SYSTEM.isThisHost("127.0.0.1"));
        assertFalse(HostNames.SYSTEM.isThisHost("192.0.2.1"));
    }
}
