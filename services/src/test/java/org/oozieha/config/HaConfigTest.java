package org.oozieha.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.Test;

public class HaConfigTest {
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
    public void the_place_of_the_host_in_the_principal_is_filled_in() throws Exception {
        String principal = "oozie.service.HadoopAccessorService.kerberos.principal";
        assertEquals(
                "oozie/node1.example.com@R", read(principal, "oozie/_HOST@R").fullPrincipal());
        assertEquals(
                "oozie/lb.example.com@R",
                read(principal, "oozie/lb.example.com@R").fullPrincipal());
        assertEquals("oozie", read(principal, "oozie").fullPrincipal());
    }

    @Test
    public void protected_znodes_need_all_of_a_login() throws Exception {
        String[] keytab = {"oozie.service.HadoopAccessorService.keytab.file", "/etc/oozie.keytab"};
        String principal = "oozie.service.HadoopAccessorService.kerberos.principal";
        assertRefused("keytab.file", "oozie.zookeeper.secure", "true", principal, "oozie/_HOST@R");
        assertRefused(principal, "oozie.zookeeper.secure", "true", keytab[0], keytab[1]);
        assertRefused(
                "oozie/localhost@${local.realm}",
                "oozie.zookeeper.secure",
                "true",
                keytab[0],
                keytab[1],
                principal,
                "oozie/localhost@${local.realm}");
        assertRefused(
                "digest.password", "oozie.zookeeper.secure", "true", "oozie.ha.zookeeper.authentication", "digest");
        assertTrue(read(
                        "oozie.zookeeper.secure",
                        "true",
                        "oozie.ha.zookeeper.authentication",
                        "digest",
                        "oozie.ha.zookeeper.digest.password",
                        "secret")
                .secure());
    }

    @Test
    public void passwords_are_asked_of_hadoop_which_asks_its_credential_providers() throws Exception {
        Configuration conf = new Configuration(false) {
            @Override
            public char[] getPassword(String name) {
                return name.equals("oozie.ha.zookeeper.ssl.keystore.password") ? "from-provider".toCharArray() : null;
            }
        };
        conf.set("oozie.ha.zookeeper.ssl.keystore.password", "ignored");
        assertEquals("from-provider", HaConfig.from(conf).sslKeystorePassword());
        assertEquals("", HaConfig.from(conf).digestPassword());
    }

    private static void assertRefused(String named, String... properties) {
        HaConfigException refused = assertThrows(HaConfigException.class, () -> read(properties));
        assertTrue(refused.getMessage(), refused.getMessage().contains(named));
    }

    @Test
    public void nothing_set_gives_the_documented_defaults() throws Exception {
        HaConfig config = read();
        assertEquals("localhost:2181", config.connectionString());
        assertEquals("oozie", config.namespace());
        assertFalse(config.secure());
        assertEquals("simple", config.authenticationType());
        assertEquals(10_000, config.sessionTimeoutMs());
        assertEquals(60_000, config.startupTimeoutMs());
        assertEquals(2_000, config.lockLingerMs());
        assertEquals(100, config.idBlockSize());
        assertEquals(9_999_990, config.jobIdSequenceMax());
        assertEquals(Fencing.LEASE, config.fencing());
        assertEquals(5_000, config.fenceWaitMs());
        assertEquals(2_000, config.zookeeperTickMs());
        assertEquals(2_000, config.peerConnectTimeoutMs());
        assertEquals(5_000, config.peerReadTimeoutMs());
        assertEquals(20_000, config.peerTotalTimeoutMs());
        assertTrue(config.activationHttpCheck());
        assertEquals(60_000, config.serverProbeTimeoutMs());
        assertFalse(config.stockClientEnabled());
        assertEquals(50, config.takeoverBatchSize());
        assertEquals(30_000, config.drainTimeoutMs());
        assertEquals(30_000, config.sharelibUpdateTimeoutMs());
        assertEquals(600_000, config.slaSweepIntervalMs());
        assertEquals(Collections.emptyList(), config.warnings());
    }

    @Test
    public void values_are_read_without_surrounding_space_and_choices_in_any_case() throws Exception {
        HaConfig config = read(
                "oozie.ha.session.timeout.ms", " 20000\n",
                "oozie.ha.fencing", "Database",
                "oozie.ha.activation.http.check", "FALSE",
                "oozie.ha.startup.timeout.ms", "-1");
        assertEquals(20_000, config.sessionTimeoutMs());
        assertEquals(Fencing.DATABASE, config.fencing());
        assertFalse(config.activationHttpCheck());
        assertEquals(-1, config.startupTimeoutMs());
    }

    @Test
    public void an_ensemble_with_chroot_and_ipv6_is_accepted() throws Exception {
        for (String good : new String[] {"zk", "a:2181,b:2182 , c:2183/ha/x", "[::1]:2181,h_1-x.y:1/r"}) {
            assertEquals(good, read("oozie.zookeeper.connection.string", good).connectionString());
        }
    }

    @Test
    public void a_wrong_value_is_refused_with_key_value_and_what_is_allowed() {
        refused("oozie.ha.id.block.size", "0", "1 to 100000");
        refused("oozie.ha.id.block.size", "many", "1 to 100000");
        refused("oozie.ha.startup.timeout.ms", "-2", "-1 to ");
        refused("oozie.ha.session.timeout.ms", "10s", "1000 to ");
        refused("oozie.ha.fencing", "on", "lease, database, off");
        refused("oozie.ha.stock.client.enabled", "yes", "true or false");
        refused("oozie.ha.server.url", "node1:11000", "http");
        refused("oozie.ha.server.url", "http://0.0.0.0:11000/oozie", "names this host");
        refused("oozie.ha.server.url", "http://no de/oozie", "http");
        refused("oozie.zookeeper.connection.string", "a:2181;b:2181", "host:port");
        refused("oozie.zookeeper.connection.string", "a:2181,", "host:port");
        refused("oozie.zookeeper.connection.string", "http://a:2181", "host:port");
        refused("oozie.zookeeper.namespace", "/oozie", "leading slash");
        refused("oozie.instance.id", "a/b", "slash");
        refused("oozie.instance.id", "..", "slash");
    }

    @Test
    public void a_commit_never_waits_longer_than_the_session_lives() throws Exception {
        assertEquals(4_000, read("oozie.ha.session.timeout.ms", "4000").fenceWaitMs());
        HaConfigException e = assertThrows(
                HaConfigException.class,
                () -> read("oozie.ha.session.timeout.ms", "4000", "oozie.ha.fence.wait.ms", "4001"));
        assertTrue(e.getMessage(), e.getMessage().contains("oozie.ha.session.timeout.ms"));
    }

    @Test
    public void an_unknown_property_is_named_with_what_was_probably_meant() throws Exception {
        List<String> warnings = read(
                        "oozie.ha.lock.lingering.ms", "1",
                        "oozie.ha.xyz", "1",
                        "oozie.ha.authentication.kerberos.principal", "HTTP/_HOST",
                        "oozie.hax", "1")
                .warnings();
        assertEquals(warnings.toString(), 2, warnings.size());
        assertTrue(warnings.get(0), warnings.get(0).contains("[oozie.ha.lock.lingering.ms]"));
        assertTrue(warnings.get(0), warnings.get(0).contains("did you mean [oozie.ha.lock.linger.ms]"));
        assertTrue(warnings.get(1), warnings.get(1).contains("[oozie.ha.xyz]"));
        assertFalse(warnings.get(1), warnings.get(1).contains("did you mean"));
    }

    @Test
    public void stock_documents_a_sequence_maximum_that_is_clamped() throws Exception {
        String key = "oozie.service.ZKUUIDService.jobid.sequence.max";
        assertEquals(9_999_990, read(key, "99999999990").jobIdSequenceMax());
        assertTrue(read(key, "99999999990").warnings().get(0).contains(key));
        assertEquals(5, read(key, "5").jobIdSequenceMax());
    }

    @Test
    public void stock_properties_that_are_not_read_are_named_with_what_replaces_them() {
        List<String> lines = StockSettings.notRead(Collections.singleton("oozie.zookeeper.session.timeout"));
        assertEquals(1, lines.size());
        assertTrue(lines.get(0), lines.get(0).contains("[oozie.zookeeper.session.timeout]"));
        assertTrue(lines.get(0), lines.get(0).contains("oozie.ha.session.timeout.ms"));
        assertEquals(Collections.emptyList(), StockSettings.notRead(Collections.singleton("oozie.base.url")));
    }

    private static HaConfig read(String... keysAndValues) throws HaConfigException {
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            texts.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return HaConfig.of(texts, HOST);
    }

    private static void refused(String key, String value, String allowed) {
        HaConfigException e = assertThrows(key + "=" + value, HaConfigException.class, () -> read(key, value));
        assertTrue(e.getMessage(), e.getMessage().contains("[" + key + "]"));
        assertTrue(e.getMessage(), e.getMessage().contains("[" + value + "]"));
        assertTrue(e.getMessage(), e.getMessage().contains(allowed));
    }
}
