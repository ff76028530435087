package org.oozieha.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.JobsConcurrencyService;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;

public class ZKJobsConcurrencyServiceTest {
    private final ZKJobsConcurrencyService service = new ZKJobsConcurrencyService();

    @Test
    public void it_takes_the_place_of_the_stock_service() {
        assertEquals(JobsConcurrencyService.class, service.getInterface());
    }

    @Test
    public void servers_are_listed_by_id_with_their_real_urls_stock_ones_too() {
        Members members = Members.of(
                Arrays.asList(member("b", ServerState.ACTIVE), member("a", ServerState.JOINING)),
                Collections.singletonMap("aa", "http://stock:11000/oozie"));
        SortedMap<String, String> urls = ZKJobsConcurrencyService.urls(members);
        assertEquals(Arrays.asList("a", "aa", "b"), new ArrayList<>(urls.keySet()));
        assertEquals("http://b:11000/oozie", urls.get("b"));
        assertEquals("http://stock:11000/oozie", urls.get("aa"));
    }

    @Test
    public void a_request_is_for_all_servers_unless_it_says_no() {
        assertTrue(service.isAllServerRequest(null));
        assertTrue(service.isAllServerRequest(Collections.emptyMap()));
        assertTrue(service.isAllServerRequest(Collections.singletonMap("allservers", new String[] {"true"})));
        assertTrue(service.isAllServerRequest(Collections.singletonMap("allservers", new String[0])));
        assertFalse(service.isAllServerRequest(Collections.singletonMap("allservers", new String[] {"FALSE"})));
    }

    @Test
    public void cookies_are_signed_with_the_shared_secret_also_where_the_operator_wrote_zookeeper() {
        for (String written : new String[] {null, "", "zookeeper", "random", "file"}) {
            assertEquals(SharedSecretProvider.class.getName(), configured(written));
        }
    }

    @Test
    public void a_class_the_operator_named_keeps_signing() {
        assertEquals("com.example.Vault", configured("com.example.Vault"));
    }

    @Test
    public void with_the_stock_client_the_secrets_are_stocks_and_the_server_does_not_stop_itself() {
        Configuration conf = new Configuration(false);
        conf.set(ZKJobsConcurrencyService.SECRET_PROVIDER, "zookeeper");
        conf.set(ZKJobsConcurrencyService.STOCK_SHUTDOWN, "true");
        ZKJobsConcurrencyService.configureSigning(conf, true);
        assertEquals("zookeeper", conf.get(ZKJobsConcurrencyService.SECRET_PROVIDER));
        assertEquals("false", conf.get(ZKJobsConcurrencyService.STOCK_SHUTDOWN));
    }

    private static String configured(String written) {
        Configuration conf = new Configuration(false);
        if (written != null) {
            conf.set(ZKJobsConcurrencyService.SECRET_PROVIDER, written);
        }
        ZKJobsConcurrencyService.configureSigning(conf, false);
        return conf.get(ZKJobsConcurrencyService.SECRET_PROVIDER);
    }

    private static Member member(String id, ServerState state) {
        ServerIdentity identity = new ServerIdentity(id, "http://" + id + ":11000/oozie", "1", "5.2.1", 0);
        return new Member(Incarnation.of(id, 1), identity, state, 10_000, 0);
    }
}
