package org.oozieha.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.Test;
import org.oozieha.config.HaConfig;

public class InstalledServicesTest {
    private final Map<String, String> properties = new HashMap<>();

    @Test
    public void login_over_http_with_a_zookeeper_that_anybody_may_read_is_warned_of() throws Exception {
        assertEquals(0, warnings().size());
        properties.put("oozie.authentication.type", "kerberos");
        assertEquals(1, warnings().size());
        assertTrue(warnings().get(0), warnings().get(0).endsWith("Set oozie.zookeeper.secure=true"));
        properties.put("oozie.zookeeper.secure", "true");
        properties.put("oozie.ha.zookeeper.authentication", "digest");
        properties.put("oozie.ha.zookeeper.digest.password", "secret");
        assertEquals(0, warnings().size());
    }

    private List<String> warnings() throws Exception {
        return InstalledServices.of(new Configuration(false)).missing(HaConfig.of(properties)).stream()
                .filter(line -> line.contains("ZooKeeper can read"))
                .collect(Collectors.toList());
    }
}
