package org.oozieha.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.Test;

/** With the oozie-default.xml of the Oozie on the class path. */
public class OperatorSettingsTest {
    @Test
    public void a_default_is_not_taken_for_the_operators_setting() {
        Configuration conf = merged();
        Set<String> keys = OperatorSettings.keys(conf);
        assertEquals(conf.size() + " defaults", 0, keys.size());
    }

    @Test
    public void what_differs_from_the_default_or_has_none_was_set_by_the_operator() {
        Configuration conf = merged();
        conf.set("oozie.zookeeper.session.timeout", "60");
        conf.set("oozie.command.default.requeue.delay", "10000");
        conf.set("oozie.my.own", "${java.io.tmpdir}");
        Set<String> keys = OperatorSettings.keys(conf);
        assertTrue(keys.toString(), keys.contains("oozie.zookeeper.session.timeout"));
        assertTrue(keys.toString(), keys.contains("oozie.my.own"));
        assertFalse(keys.toString(), keys.contains("oozie.command.default.requeue.delay"));
        assertEquals(2, keys.size());
    }

    @Test
    public void oozies_own_defaults_are_allowed_values_and_variables_are_replaced() throws Exception {
        Configuration conf = merged();
        conf.set("oozie.authentication.type", "kerberos");
        conf.set("oozie.instance.id", "${oozie.base.name}-1");
        conf.set("oozie.base.name", "oz");
        HaConfig config = HaConfig.from(conf);
        assertEquals("kerberos", config.authenticationType());
        assertEquals("oz-1", config.instanceId());
        assertEquals(10_000, config.sessionTimeoutMs());
        assertFalse(config.serverUrl(), config.serverUrl().contains("0.0.0.0"));
    }

    @Test
    public void a_wrong_value_in_oozies_configuration_is_refused() {
        Configuration conf = merged();
        conf.set("oozie.ha.fencing", "maybe");
        assertThrows(HaConfigException.class, () -> HaConfig.from(conf));
    }

    /** As Oozie does it: every default is set as if by program, so that its source is lost. */
    private static Configuration merged() {
        Configuration defaults = new Configuration(false);
        defaults.addResource(defaults.getResource("oozie-default.xml"));
        Configuration conf = new Configuration(false);
        for (Map.Entry<String, String> entry : defaults) {
            conf.set(entry.getKey(), entry.getValue());
        }
        assertTrue(conf.size() > 100);
        return conf;
    }
}
