package org.oozieha.hcat.endpoint;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Test;
import org.oozieha.cluster.WatchedDirectory;

public final class RegisteredEndpointsTest {
    private final Map<String, byte[]> nodes = new TreeMap<>();
    private final WatchedDirectory directory = new WatchedDirectory() {
        @Override
        public Map<String, byte[]> entries() {
            return nodes;
        }

        @Override
        public void onChange(Runnable listener) {
            throw new AssertionError("read when asked");
        }
    };

    @Test
    public void a_metastore_of_hive_3_or_4_is_read_from_its_data() {
        node("hms1.example.com:90830000000003", "hms1.example.com:9083");
        node("10.0.0.7:90830000000004", "10.0.0.7:9083");
        node("[::1]:90830000000005", "thrift://[::1]:9083");
        assertEquals(Arrays.asList("10.0.0.7:9083", "[::1]:9083", "hms1.example.com:9083"), live());
    }

    @Test
    public void hive_server_2_is_read_from_its_name_whatever_its_data_are() {
        node("serverUri=hs2a:10000;version=3.1.3;sequence=0000000001", "hs2a:10000");
        node(
                "serverUri=hs2b:10001;version=4.0.0;sequence=0000000002",
                "hive.server2.instance.uri=hs2b:10001;hive.server2.authentication=KERBEROS");
        assertEquals(Arrays.asList("hs2a:10000", "hs2b:10001"), live());
    }

    @Test
    public void nodes_of_other_forms_are_passed_over() {
        node("leader", "");
        node("garbage", "\u0000\u0001:x");
        node("list", "a:1,b:2");
        node("url", "http://a:80/x");
        node("serverUri=;version=1;sequence=2", "a:1");
        node("good", "a:1\n");
        assertEquals(Arrays.asList("a:1"), live());
    }

    @Test
    public void each_cluster_of_the_property_has_its_list_or_its_directory() {
        List<String> watched = new ArrayList<>();
        Map<String, Endpoints> clusters = ClusterList.parse(
                " lake = h1:9083 , h2:9083; dw=zookeeper:/hive_metastore;far=zookeeper://z1:2181,z2:2181/a/b; ",
                (ensemble, path) -> {
                    watched.add(ensemble + " " + path);
                    return directory;
                });
        assertEquals(Arrays.asList("h1:9083", "h2:9083"), clusters.get("lake").live());
        node("x", "h3:9083");
        assertEquals(Arrays.asList("h3:9083"), clusters.get("dw").live());
        assertEquals(Arrays.asList(" /hive_metastore", "z1:2181,z2:2181 /a/b"), watched);
        assertEquals("zookeeper:/hive_metastore", clusters.get("dw").toString());
        assertTrue(ClusterList.parse("", (e, p) -> directory).isEmpty());
    }

    private void node(String name, String data) {
        nodes.put(name, data.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> live() {
        return new RegisteredEndpoints(directory, "zookeeper:/test").live();
    }

    @Test
    public void an_empty_directory_has_none() {
        assertEquals(Collections.emptyList(), live());
    }
}
