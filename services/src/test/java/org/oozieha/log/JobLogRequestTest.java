package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.Test;

public class JobLogRequestTest {
    private final Map<String, String[]> parameters = new LinkedHashMap<>();

    @Test
    public void a_peer_is_asked_for_its_own_part_only() {
        assertEquals("/v2/job/0000001-oozie-W?show=log&allservers=false", resource("0000001-oozie-W", "log"));
    }

    @Test
    public void show_and_allservers_are_sent_once_and_doas_not_at_all() {
        put("show", "errorlog");
        put("allservers", "true");
        put("doAs", "jöe&x");
        put("user.name", "joe");
        assertEquals("/v2/job/j?show=errorlog&allservers=false", resource("j", "errorlog"));
    }

    @Test
    public void other_parameters_are_sent_on_encoded() {
        put("logfilter", "text=a b&c;loglevel=WARN|INFO;limit=5");
        put("timezone", "GMT+1");
        put("empty", "");
        parameters.put("none", new String[0]);
        assertEquals(
                "/v2/job/c-C%401?show=log&allservers=false"
                        + "&logfilter=text%3Da+b%26c%3Bloglevel%3DWARN%7CINFO%3Blimit%3D5&timezone=GMT%2B1&empty=",
                resource("c-C@1", "log"));
    }

    @Test
    public void only_allservers_false_keeps_a_request_local() {
        assertTrue(JobLogRequest.asksAllServers(null));
        assertTrue(JobLogRequest.asksAllServers(Collections.emptyMap()));
        put("allservers", "FALSE");
        assertFalse(JobLogRequest.asksAllServers(parameters));
        put("allservers", "true");
        assertTrue(JobLogRequest.asksAllServers(parameters));
        parameters.put("allservers", new String[0]);
        assertTrue(JobLogRequest.asksAllServers(parameters));
    }

    private String resource(String jobId, String type) {
        return new JobLogRequest(jobId, type, parameters, 0, -1).resource();
    }

    private void put(String name, String value) {
        parameters.put(name, new String[] {value});
    }
}
