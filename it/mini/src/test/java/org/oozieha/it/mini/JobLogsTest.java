package org.oozieha.it.mini;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.text.SimpleDateFormat;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.DagXLogInfoService;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.XLogService;
import org.apache.oozie.service.XLogStreamingService;
import org.apache.oozie.util.Instrumentation;
import org.apache.oozie.util.XLogAuditStreamer;
import org.apache.oozie.util.XLogErrorStreamer;
import org.apache.oozie.util.XLogFilter;
import org.apache.oozie.util.XLogStreamer;
import org.apache.oozie.util.XLogUserFilterParam;
import org.apache.oozie.util.ZKUtils;

/** A job's log from this server's files, through stock's own reader, and from a server that stock's own client has registered. */
public final class JobLogsTest extends HaServicesTestCase {
    private static final String JOB = "0000001-260101000000000-oozie-test-W";
    private static final String UNABLE =
            "Unable to contact the following Oozie Servers for logs (log information may be incomplete):\n";

    private final long base = System.currentTimeMillis() / 1000 * 1000 - 60_000;
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final Map<String, String[]> parameters = new HashMap<>();
    private Path logs;
    private HttpServer peer;
    private int peerStatus = 200;
    private String peerAnswer = "";
    private ZKUtils stock;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        logs = Paths.get(getTestCaseDir());
        StringBuilder log4j = new StringBuilder("log4j.rootLogger=OFF\n");
        for (String[] appender : new String[][] {
            {"oozie", "oozie.log"}, {"oozieError", "oozie-error.log"}, {"oozieaudit", "oozie-audit.log"}
        }) {
            String name = "log4j.appender." + appender[0];
            log4j.append(name).append("=org.apache.log4j.DailyRollingFileAppender\n");
            log4j.append(name)
                    .append(".File=")
                    .append(logs.resolve(appender[1]))
                    .append('\n');
            log4j.append(name).append(".DatePattern='.'yyyy-MM-dd-HH\n");
        }
        write(Paths.get(getTestCaseConfDir(), "job-logs.properties"), log4j.toString());
        setSystemProperty(XLogService.LOG4J_FILE, "job-logs.properties");
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/oozie/v2/job/" + JOB, this::answer);
        peer.start();
    }

    @Override
    protected void tearDown() throws Exception {
        if (stock != null) {
            stock.unregister(this);
        }
        peer.stop(0);
        super.tearDown();
    }

    public void test_all_servers_lines_come_in_order_and_escaped_once() throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local <1>") + "java.lang.Exception: &\n\tat x\n" + at(3, "local 3"));
        peerAnswer = at(1, "peer &lt;1&gt;") + at(2, "peer 2") + at(3, "peer 3");
        Services services = bootWithPeer();
        assertEquals(
                at(1, "local &lt;1&gt;") + "java.lang.Exception: &amp;\n\tat x\n" + at(1, "peer &lt;1&gt;")
                        + at(2, "peer 2") + at(3, "local 3") + at(3, "peer 3"),
                log(services));
        assertEquals("[show=log&allservers=false]", queries.toString());
    }

    public void test_lines_of_other_jobs_and_levels_stay_out() throws Exception {
        write(
                logs.resolve("oozie.log"),
                at(1, "one").replace(JOB, "0000002-260101000000000-oozie-test-W")
                        + at(2, "two")
                        + at(3, "three").replace(" INFO ", " WARN "));
        parameters.put("logfilter", new String[] {"loglevel=WARN"});
        Services services = bootWithPeer();
        assertEquals(at(3, "three").replace(" INFO ", " WARN "), log(services));
        assertEquals("[show=log&allservers=false&logfilter=loglevel%3DWARN]", queries.toString());
    }

    public void test_a_limit_counts_over_all_servers() throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local 1") + at(3, "local 3") + at(5, "local 5"));
        peerAnswer = at(2, "peer 2") + at(4, "peer 4");
        parameters.put("logfilter", new String[] {"limit=3"});
        assertEquals(at(1, "local 1") + at(2, "peer 2") + at(3, "local 3"), log(bootWithPeer()));
    }

    public void test_allservers_false_gives_this_server_s_part_only() throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local <1>"));
        peerAnswer = at(2, "peer 2");
        parameters.put("allservers", new String[] {"false"});
        assertEquals(at(1, "local &lt;1&gt;"), log(bootWithPeer()));
        assertEquals("[]", queries.toString());
    }

    public void test_doas_and_show_are_not_sent_on() throws Exception {
        parameters.put("doAs", new String[] {"joe"});
        parameters.put("show", new String[] {"log"});
        parameters.put("timezone", new String[] {"GMT+1"});
        log(bootWithPeer());
        assertEquals("[show=log&allservers=false&timezone=GMT%2B1]", queries.toString());
    }

    public void test_a_peer_whose_log_is_off_does_not_disturb_the_rest() throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local 1"));
        peerAnswer = "Log streaming disabled!!";
        assertEquals("Log streaming disabled!!\n" + at(1, "local 1"), log(bootWithPeer()));
    }

    public void test_a_peer_that_fails_is_named_with_its_reason() throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local 1"));
        peerStatus = 500;
        Services services = bootWithPeer();
        assertEquals(UNABLE + "     stock-peer: HTTP 500 Internal Server Error\n\n" + at(1, "local 1"), log(services));
        peer.stop(0);
        assertEquals(UNABLE + "     stock-peer: connection refused\n\n" + at(1, "local 1"), log(services));
    }

    public void test_a_server_that_has_left_is_named() throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local 1"));
        Services services = bootWithPeer();
        log(services);
        stock.unregister(this);
        stock = null;
        eventually("the departed server is named", true, () -> {
            String log = log(services);
            return log.startsWith("The following Oozie Servers have left and may have lines of this job")
                    && log.contains("     stock-peer: left at ")
                    && log.endsWith("\n\n" + at(1, "local 1"));
        });
    }

    public void test_a_server_that_left_before_this_one_started_is_named_for_the_jobs_that_it_may_have_lines_of()
            throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local 1"));
        bootAs("gone").destroy();
        Services services = bootAs("asked");
        long later = System.currentTimeMillis() + 1;
        String log = log(services);
        assertTrue(log, log.startsWith("The following Oozie Servers have left and may have lines of this job"));
        assertTrue(log, log.contains("     gone: had left by "));
        assertTrue(log, log.endsWith("\n\n" + at(1, "local 1")));
        services.destroy();
        eventually("a job begins later", true, () -> System.currentTimeMillis() >= later);
        Services again = bootAs("asked");
        assertEquals(log, log(again));
        assertEquals(at(1, "local 1"), log(again, streamer(parameters), later));
        again.destroy();
        String back = log(bootAs("gone"));
        assertTrue(back, back.contains("     asked: had left by ") && !back.contains("     gone: "));
    }

    public void test_the_header_comes_first_and_is_escaped() throws Exception {
        write(logs.resolve("oozie.log"), at(1, "local 1"));
        parameters.put("logfilter", new String[] {"debug;text=<?local"});
        String log = log(bootWithPeer());
        assertTrue(log, log.startsWith("Log start time = "));
        assertTrue(log, log.contains("text=&lt;?local"));
        assertTrue(log, log.endsWith("\n" + at(1, "local 1")));
    }

    public void test_the_error_log_and_the_audit_log_too() throws Exception {
        write(logs.resolve("oozie-error.log"), at(1, "local error"));
        String audit = time(1) + "  INFO oozieaudit:520 - USER [u], JOBID [" + JOB + "], OPERATION [start]\n";
        write(logs.resolve("oozie-audit.log"), audit);
        Services services = bootWithPeer();
        peerAnswer = at(2, "peer error");
        assertEquals(at(1, "local error") + at(2, "peer error"), log(services, new XLogErrorStreamer(parameters)));
        peerAnswer = audit;
        assertEquals(audit + audit, log(services, new XLogAuditStreamer(parameters)));
        assertEquals("[show=errorlog&allservers=false, show=auditlog&allservers=false]", queries.toString());
    }

    public void test_with_the_log_off_nobody_is_asked() throws Exception {
        write(Paths.get(getTestCaseConfDir(), "job-logs.properties"), "log4j.rootLogger=OFF\n");
        assertEquals("Log streaming disabled!!", log(bootWithPeer()));
        assertEquals("[]", queries.toString());
    }

    public void test_impossible_dates_are_refused_as_stock_does() throws Exception {
        parameters.put("logfilter", new String[] {"start=2030-01-01 00:00:00;end=2020-01-01 00:00:00"});
        Services services = bootWithPeer();
        try {
            log(services);
            fail("impossible dates");
        } catch (IOException refused) {
            assertTrue(
                    refused.getMessage(), refused.getMessage().startsWith("Start time should be less than end time"));
        }
    }

    public void test_calls_and_failures_are_counted() throws Exception {
        Services services = bootWithPeer();
        peerStatus = 500;
        log(services);
        Instrumentation metrics = new Instrumentation();
        services.get(XLogStreamingService.class).instrument(metrics);
        Map<String, ?> ha = metrics.getVariables().get("ha");
        assertNotNull(ha);
        assertTrue(Long.parseLong(valueOf(ha, "peer.call")) >= 2);
        assertEquals("1", valueOf(ha, "peer.failed"));
    }

    private static String valueOf(Map<String, ?> group, String name) {
        return String.valueOf(((Instrumentation.Element<?>) group.get(name)).getValue());
    }

    /** Boots the one service and registers the peer as a stock server registers itself. */
    private Services bootWithPeer() throws Exception {
        Services services = boot(Collections.singletonList(LOGS));
        Configuration conf = services.getConf();
        conf.set("oozie.instance.id", "stock-peer");
        conf.set("oozie.http.port", String.valueOf(peer.getAddress().getPort()));
        conf.set("oozie.zookeeper.server.shutdown.ontimeout", "false");
        stock = ZKUtils.register(this);
        eventually("the peer is asked", true, () -> {
            boolean known = log(services, streamer(Collections.singletonMap("probe", new String[] {"1"}))) != null
                    && queries.size() > 0;
            return known || !new XLogStreamer(parameters).isLogEnabled();
        });
        queries.clear();
        return services;
    }

    /** A server of this id in the one cluster of all servers that are booted so. */
    private static Services bootAs(String id) throws Exception {
        return boot(Collections.singletonList(LOGS), "oozie.zookeeper.namespace", "job-logs", "oozie.instance.id", id);
    }

    private String log(Services services) throws Exception {
        return log(services, streamer(parameters));
    }

    private XLogStreamer streamer(Map<String, String[]> asked) throws Exception {
        return new XLogStreamer(new XLogFilter(new XLogUserFilterParam(asked)), asked);
    }

    private String log(Services services, XLogStreamer streamer) throws Exception {
        return log(services, streamer, base);
    }

    private String log(Services services, XLogStreamer streamer, long jobStartMs) throws Exception {
        streamer.getXLogFilter().setParameter(DagXLogInfoService.JOB, JOB);
        StringWriter out = new StringWriter();
        services.get(XLogStreamingService.class).streamLog(streamer, new Date(jobStartMs), new Date(), out);
        return out.toString();
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean handshake = exchange.getRequestMethod().equals("OPTIONS");
        byte[] body = (handshake ? "" : peerAnswer).getBytes(StandardCharsets.UTF_8);
        if (!handshake) {
            queries.add(exchange.getRequestURI().getRawQuery());
        }
        exchange.sendResponseHeaders(handshake ? 200 : peerStatus, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String at(int ms, String text) {
        return time(ms) + "  INFO ActionStartXCommand:520 - SERVER[x] USER[u] GROUP[-] TOKEN[] APP[a] JOB[" + JOB
                + "] ACTION[] " + text + "\n";
    }

    private String time(int ms) {
        return new SimpleDateFormat("yyyy-MM-dd HH:mm:ss,SSS").format(new Date(base + ms));
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
