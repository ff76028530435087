package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Members;
import org.oozieha.http.Authentication;
import org.oozieha.http.PeerClient;
import org.oozieha.http.PeerTimeouts;
import org.oozieha.http.PeerTrust;
import org.oozieha.http.ScriptedPeer;

public class JobLogTest {
    private static final double SCALE = Double.parseDouble(System.getProperty("it.timing.scale", "1"));
    private static final long READ_MS = (long) (400 * SCALE);
    private static final long TOTAL_MS = (long) (2000 * SCALE);
    private static final long SLACK_MS = (long) (2000 * SCALE);
    private static final String UNABLE =
            "Unable to contact the following Oozie Servers for logs (log information may be incomplete):\n";

    private final PeerClient peers = new PeerClient(
            new PeerTimeouts((long) (600 * SCALE), READ_MS, TOTAL_MS), Authentication.simple(), PeerTrust.ofJava(), 8);
    private final DepartedServers departed = new DepartedServers(() -> 5_000);
    private final JobLog jobLog = new JobLog("b", peers, departed);
    private final Map<String, String> others = new TreeMap<>();
    private final List<ScriptedPeer> started = new ArrayList<>();
    private int limit = -1;

    @Before
    public void nobody_left_before() {
        departed.leftUnseen(Collections.emptyMap(), Members::nobody);
    }

    @After
    public void close() throws IOException {
        jobLog.close();
        peers.close();
        for (ScriptedPeer peer : started) {
            peer.close();
        }
    }

    @Test
    public void three_servers_with_equal_times_give_one_log() throws Exception {
        serve("a", ScriptedPeer.serving(at(1, "a1") + at(2, "a2")));
        serve("c", ScriptedPeer.serving(at(1, "c1") + at(2, "c2")));
        assertEquals(
                at(1, "a1") + at(1, "b1") + at(1, "c1") + at(2, "a2") + at(2, "b2") + at(2, "c2"),
                log(at(1, "b1") + at(2, "b2")));
    }

    @Test
    public void what_a_peer_has_escaped_is_not_escaped_again() throws Exception {
        serve("a", ScriptedPeer.serving(at(1, "a &lt;&amp;&gt; é")));
        assertEquals(at(1, "a &lt;&amp;&gt; é") + at(2, "b &lt;"), log(at(2, "b &lt;")));
    }

    @Test
    public void the_peer_gets_the_user_s_parameters_once() throws Exception {
        ScriptedPeer peer = serve("a", ScriptedPeer.serving(""));
        log("");
        List<ScriptedPeer.Request> requests = peer.requests();
        assertEquals(
                "/oozie/v2/job/job-W?show=log&allservers=false&logfilter=text%3Dx",
                requests.get(requests.size() - 1).target());
    }

    @Test
    public void a_refusing_a_failing_and_a_hung_peer_are_named_at_the_top_within_the_bound() throws Exception {
        ScriptedPeer gone = ScriptedPeer.serving("");
        gone.close();
        others.put("a", gone.url());
        serve(
                "c",
                answering(out -> ScriptedPeer.head(
                        out,
                        "400 Bad Request",
                        "oozie-error-code: E0307",
                        "oozie-error-message: <b>",
                        "Content-Length: 0")));
        serve("d", ScriptedPeer.hung());
        long before = System.nanoTime();
        String log = log(at(1, "b1"));
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        assertEquals(
                UNABLE + "     a: connection refused\n"
                        + "     c: HTTP 400 E0307 &lt;b&gt;\n"
                        + "     d: hangs: no byte within " + READ_MS + " ms and no sign of life\n\n" + at(1, "b1"),
                log);
        assertTrue("took " + tookMs + " ms", tookMs < TOTAL_MS + SLACK_MS);
    }

    @Test
    public void a_peer_that_trickles_its_first_line_is_named_at_the_total_deadline() throws Exception {
        serve("a", answering(out -> {
            ScriptedPeer.head(out, "200 OK", "Transfer-Encoding: chunked");
            for (CountDownLatch never = new CountDownLatch(1); ; never.await(20, TimeUnit.MILLISECONDS)) {
                ScriptedPeer.chunk(out, "x");
            }
        }));
        long before = System.nanoTime();
        assertEquals(UNABLE + "     a: no line within " + TOTAL_MS + " ms\n\n" + at(1, "b1"), log(at(1, "b1")));
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        assertTrue("took " + tookMs + " ms", tookMs < TOTAL_MS + SLACK_MS);
    }

    @Test
    public void a_peer_that_dies_in_the_middle_is_named_where_it_broke_off() throws Exception {
        serve("a", new ScriptedPeer((request, out) -> {
            if (request.method().equals("OPTIONS")) {
                ScriptedPeer.ok(out, "");
                return true;
            }
            ScriptedPeer.head(out, "200 OK", "Transfer-Encoding: chunked");
            ScriptedPeer.chunk(out, at(1, "a1") + "2026-11-20 10:00:00,0");
            return false;
        }));
        String log = log(at(2, "b1"));
        assertTrue(
                log, log.startsWith(at(1, "a1") + "2026-11-20 10:00:00,0\nThe log of Oozie Server a breaks off here"));
        assertTrue(log, log.endsWith(at(2, "b1")));
    }

    @Test
    public void a_peer_that_hangs_in_the_middle_is_named_where_it_broke_off() throws Exception {
        AtomicLong probes = new AtomicLong();
        ScriptedPeer[] peer = new ScriptedPeer[1];
        peer[0] = new ScriptedPeer((request, out) -> {
            if (request.method().equals("OPTIONS")) {
                ScriptedPeer.ok(out, "");
                return true;
            }
            if (request.isHealthProbe()) {
                probes.incrementAndGet();
                peer[0].hang();
            }
            ScriptedPeer.head(out, "200 OK", "Transfer-Encoding: chunked");
            ScriptedPeer.chunk(out, at(1, "a1"));
            peer[0].hang();
            return false;
        });
        serve("a", peer[0]);
        String log = log(at(1, "b1") + at(2, "b2"));
        assertEquals(
                at(1, "a1") + "The log of Oozie Server a breaks off here (log information may be incomplete): hangs: no"
                        + " byte within " + READ_MS + " ms and no sign of life\n" + at(1, "b1") + at(2, "b2"),
                log);
        assertEquals(1, probes.get());
    }

    @Test
    public void a_message_of_a_peer_whose_log_is_off_does_not_disturb_the_rest() throws Exception {
        serve("a", ScriptedPeer.serving("Log streaming disabled!!"));
        assertEquals("Log streaming disabled!!\n" + at(1, "b1"), log(at(1, "b1")));
    }

    @Test
    public void the_header_comes_first_and_is_escaped() throws Exception {
        StringWriter out = new StringWriter();
        jobLog.stream(request(), others, (local, progress) -> local.write(at(1, "b1")), "text=<b>\n", 4096, out);
        assertEquals("text=&lt;b&gt;\n" + at(1, "b1"), out.toString());
    }

    @Test
    public void a_limit_holds_for_all_servers_together() throws Exception {
        serve("a", ScriptedPeer.serving(at(1, "a1") + at(3, "a2")));
        serve("c", ScriptedPeer.serving(at(2, "c1") + at(4, "c2")));
        limit = 3;
        assertEquals(at(1, "a1") + at(2, "b1") + at(2, "c1"), log(at(2, "b1") + at(5, "b2")));
    }

    @Test
    public void the_log_says_so_while_it_is_not_known_who_left_before() throws Exception {
        try (JobLog early = new JobLog("b", peers, new DepartedServers(() -> 5_000))) {
            StringWriter out = new StringWriter();
            early.stream(request(), others, (writer, progress) -> writer.write(at(1, "b1")), "", 4096, out);
            assertEquals(
                    "It is not known yet which Oozie Servers left before this one started"
                            + " (log information may be incomplete).\n\n" + at(1, "b1"),
                    out.toString());
        }
    }

    @Test
    public void a_server_that_left_since_the_job_began_is_named() throws Exception {
        departed.membersChanged(
                Members.of(Collections.emptyList(), Collections.singletonMap("x", "http://x")), Members.nobody());
        String log = log(at(1, "b1"));
        assertTrue(log, log.startsWith("The following Oozie Servers have left and may have lines of this job"));
        assertTrue(log, log.contains("     x: left at 1970-01-01 "));
        assertTrue(log, log.endsWith("\n\n" + at(1, "b1")));
    }

    @Test
    public void this_server_s_own_failure_is_named_and_hides_nobody_else() throws Exception {
        serve("a", ScriptedPeer.serving(at(1, "a1")));
        String log = log((out, progress) -> {
            throw new IOException("oozie.log: no permission");
        });
        assertEquals(UNABLE + "     b: oozie.log: no permission\n\n" + at(1, "a1"), log);
    }

    @Test
    public void own_files_are_waited_for_as_long_as_they_are_read() throws Exception {
        String log = log((out, progress) -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * TOTAL_MS);
            while (System.nanoTime() < end) {
                progress.run();
                pause(20);
            }
            out.write(at(1, "b1"));
        });
        assertEquals(at(1, "b1"), log);
    }

    @Test
    public void own_files_that_cannot_be_read_any_more_are_named() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        String log = log((out, progress) -> {
            try {
                never.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        assertEquals(UNABLE + "     b: its log files could not be read for " + TOTAL_MS + " ms\n\n", log);
    }

    @Test
    public void however_large_the_logs_little_is_held() throws Exception {
        int lines = 100_000;
        serve("a", answering(out -> serveMany(out, "a", lines)));
        serve("c", answering(out -> serveMany(out, "c", lines)));
        AtomicLong written = new AtomicLong();
        AtomicLong most = new AtomicLong();
        List<LineBuffer> buffers = new CopyOnWriteArrayList<>();
        JobLog small = new JobLog("b", peers, departed, diskBytes -> {
            buffers.add(new LineBuffer(50_000, diskBytes));
            return buffers.get(buffers.size() - 1);
        });
        small.stream(request(), others, (out, progress) -> writeMany(out, "b", lines), "", 4096, new Writer() {
            @Override
            public void write(char[] text, int offset, int length) {
                written.incrementAndGet();
                long held = 0;
                for (LineBuffer buffer : buffers) {
                    held += buffer.held();
                }
                most.accumulateAndGet(held, Math::max);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        assertEquals(3L * lines, written.get());
        assertEquals(3, buffers.size());
        assertTrue("held " + most.get(), most.get() > 50_000 && most.get() < 3 * (50_000 + 20_000));
        small.close();
    }

    @Test
    public void a_peer_whose_lines_are_all_late_is_not_held_back() throws Exception {
        int lines = 50_000;
        CountDownLatch served = new CountDownLatch(1);
        serve("a", answering(out -> {
            serveMany(out, "a", lines);
            served.countDown();
        }));
        StringWriter out = new StringWriter();
        jobLog.stream(
                request(),
                others,
                (local, progress) -> {
                    local.write("2026-11-20 09:00:00,000 INFO X:1 - first\n");
                    try {
                        assertTrue("held back", served.await(30, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    local.write("2026-11-20 09:00:00,001 INFO X:1 - second\n");
                },
                "",
                4096,
                out);
        assertEquals(lines + 2, out.toString().split("\n").length);
    }

    @Test
    public void a_client_that_has_gone_frees_every_thread() throws Exception {
        serve("a", answering(out -> serveMany(out, "a", 1_000_000)));
        CountDownLatch ended = new CountDownLatch(1);
        try {
            jobLog.stream(
                    request(),
                    others,
                    (out, progress) -> {
                        try {
                            writeMany(out, "b", 1_000_000);
                        } finally {
                            ended.countDown();
                        }
                    },
                    "",
                    4096,
                    new Writer() {
                        @Override
                        public void write(char[] text, int offset, int length) throws IOException {
                            throw new IOException("gone");
                        }

                        @Override
                        public void flush() {}

                        @Override
                        public void close() {}
                    });
            assertFalse("the writer's failure is lost", true);
        } catch (IOException e) {
            assertEquals("gone", e.getMessage());
        }
        assertTrue(ended.await(10, TimeUnit.SECONDS));
        assertEquals("the client's leaving is no failure of the peer", 0, peers.failures());
    }

    private String log(String local) throws IOException {
        return log((out, progress) -> out.write(local));
    }

    private String log(LocalPart local) throws IOException {
        StringWriter out = new StringWriter();
        jobLog.stream(request(), others, local, "", 4096, out);
        return out.toString();
    }

    private JobLogRequest request() {
        Map<String, String[]> parameters = new TreeMap<>();
        parameters.put("show", new String[] {"log"});
        parameters.put("logfilter", new String[] {"text=x"});
        return new JobLogRequest("job-W", "log", parameters, 1_000, limit);
    }

    private ScriptedPeer serve(String id, ScriptedPeer peer) {
        started.add(peer);
        others.put(id, peer.url());
        return peer;
    }

    private interface Body {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private static ScriptedPeer answering(Body body) throws IOException {
        return new ScriptedPeer((request, out) -> {
            if (request.method().equals("OPTIONS") || request.isHealthProbe()) {
                ScriptedPeer.ok(out, "");
            } else {
                body.write(out);
            }
            return true;
        });
    }

    private static void serveMany(OutputStream out, String server, int lines) throws IOException {
        ScriptedPeer.head(out, "200 OK", "Transfer-Encoding: chunked");
        for (int from = 0; from < lines; from += 100) {
            StringBuilder text = new StringBuilder();
            for (int i = from; i < from + 100; i++) {
                text.append(line(server, i));
            }
            ScriptedPeer.chunk(out, text.toString());
        }
        ScriptedPeer.chunk(out, "");
    }

    private static void writeMany(Writer out, String server, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            out.write(line(server, i));
        }
    }

    private static String line(String server, int i) {
        return String.format(
                "2026-11-20 10:%02d:%02d,%03d INFO X:1 - SERVER[%s] some text of a usual length, which is what a log has%n",
                i / 60_000, i / 1000 % 60, i % 1000, server);
    }

    private static String at(int ms, String text) {
        return String.format("2026-11-20 10:00:00,%03d INFO X:1 - SERVER[s] %s%n", ms, text);
    }

    private static void pause(long ms) throws IOException {
        try {
            new CountDownLatch(1).await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
