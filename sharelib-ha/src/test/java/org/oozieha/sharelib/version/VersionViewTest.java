package org.oozieha.sharelib.version;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.Test;
import org.oozieha.cli.ReportAnswer;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;
import org.oozieha.sharelib.ShareLibReport;

public final class VersionViewTest {
    private static final long STARTED_MS = 5;

    private final Map<String, byte[]> root = new TreeMap<>();
    private final Map<String, byte[]> loaded = new TreeMap<>();

    @Test
    public void servers_on_the_published_version_are_no_finding() {
        publish(7, "digest");
        serve("a", 7, "digest");
        serve("b", 7, "digest");
        VersionView view = view(member("a", ServerState.ACTIVE), member("b", ServerState.ACTIVE));
        assertEquals(Collections.emptyList(), view.findings());
        assertTrue(
                view.published(), view.published().startsWith("version 7: lib_7 (1 files, digest digest), by a at "));
        assertEquals(2, view.rows().size());
        assertEquals(7, view.rows().get(0).number());
    }

    @Test
    public void a_server_on_another_version_with_other_files_or_a_failure_is_a_finding() {
        publish(7, "digest");
        serve("a", 6, "digest");
        serve("b", 7, "other");
        loaded.put("c", record("c", 6, "digest").failed(7, "disk full", 1).encode());
        VersionView view =
                view(member("a", ServerState.ACTIVE), member("b", ServerState.ACTIVE), member("c", ServerState.ACTIVE));
        assertEquals(view.findings().toString(), 3, view.findings().size());
        assertTrue(view.findings().get(0), view.findings().get(0).startsWith("a: serves another version"));
        assertTrue(view.findings().get(1), view.findings().get(1).startsWith("b: serves files that were changed"));
        assertEquals("c: last attempt failed: disk full", view.findings().get(2));
    }

    @Test
    public void a_server_that_is_gone_or_starting_is_shown_and_no_finding() {
        publish(7, "digest");
        serve("gone", 6, "digest");
        VersionView view = view(member("new", ServerState.JOINING));
        assertEquals(Collections.emptyList(), view.findings());
        assertEquals("GONE", view.rows().get(0).state());
        assertEquals("has not said what it serves", view.rows().get(1).remark());
    }

    @Test
    public void what_an_earlier_process_of_a_server_said_does_not_count() {
        publish(7, "digest");
        loaded.put(
                "a",
                ServerRecord.of("a", STARTED_MS - 1)
                        .loaded(7, listing(7, "digest"), Collections.emptySet(), 1)
                        .encode());
        VersionView view = view(member("a", ServerState.ACTIVE));
        assertTrue(view.findings().get(0), view.findings().get(0).startsWith("a has not said what it serves"));
    }

    @Test
    public void nothing_published_and_damaged_data_are_findings() {
        assertTrue(view().findings().get(0).startsWith("no version is published"));
        root.put("current", "{\"number\":\"seven\"}".getBytes(UTF_8));
        loaded.put("a", new byte[] {1});
        VersionView view = view(member("a", ServerState.JOINING));
        assertTrue(view.findings().get(0), view.findings().get(0).contains("field number is seven"));
        assertTrue(view.findings().get(1), view.findings().get(1).startsWith("the record of a is damaged"));
        assertEquals(Collections.emptyMap(), view.publishedJson());
    }

    @Test
    public void the_report_has_a_row_for_each_server_and_the_findings() {
        publish(7, "digest");
        serve("a", 7, "digest");
        serve("b", 6, "digest");
        Map<String, Map<String, byte[]>> directories = new TreeMap<>();
        directories.put(ShareLibNodes.ROOT, root);
        directories.put(ShareLibNodes.LOADED, loaded);
        directories.put(ShareLibNodes.LAUNCHERS, Collections.singletonMap("launcher_1", new byte[0]));
        Members members = Members.of(
                Arrays.asList(member("a", ServerState.ACTIVE), member("b", ServerState.ACTIVE)),
                Collections.emptyMap());
        ReportAnswer answer = new ShareLibReport().look(members, directories, 0);
        assertEquals("[published, ID, a, b]", firstWords(answer.lines()));
        assertTrue(answer.lines().get(3), answer.lines().get(3).contains("lib_6"));
        assertEquals("[launcher_1]", answer.json().get("launcher_directories").toString());
        assertEquals(1, answer.findings().size());
        assertTrue(answer.findings().get(0), answer.findings().get(0).startsWith("b: serves another version"));
    }

    private static String firstWords(List<String> lines) {
        return lines.stream()
                .map(line -> line.trim().split("\\W+")[0])
                .collect(Collectors.toList())
                .toString();
    }

    @Test
    public void records_keep_everything_over_encoding() {
        ServerRecord record = record("a", 7, "digest")
                .using(Collections.singleton("launcher_1"), 2)
                .announcing(Collections.singleton("lib_8"), 3);
        ServerRecord read = ServerRecord.decode(record.encode());
        assertEquals("[launcher_1, lib_7, lib_8]", read.needs().toString());
        assertEquals(7, read.number());
        PurgeRecord purge = PurgeRecord.empty()
                .with("lib_1", PurgeRecord.State.CONDEMNED, 4)
                .withGone(Collections.singletonMap("b", 5L))
                .purgedAt(6);
        PurgeRecord again = PurgeRecord.decode(purge.encode());
        assertEquals("[lib_1]", again.condemned().toString());
        assertEquals(4, again.unusedSinceMs("lib_1"));
        assertEquals("{b=5}", again.goneSinceMs().toString());
        assertEquals(6, again.lastMs());
    }

    private VersionView view(Member... members) {
        return VersionView.of(Members.of(Arrays.asList(members), Collections.emptyMap()), root, loaded);
    }

    private void publish(long number, String digest) {
        root.put("current", new ShareLibVersion(number, listing(number, digest), "a", 0).encode());
    }

    private void serve(String id, long number, String digest) {
        loaded.put(id, record(id, number, digest).encode());
    }

    private static ServerRecord record(String id, long number, String digest) {
        return ServerRecord.of(id, STARTED_MS).loaded(number, listing(number, digest), Collections.emptySet(), 1);
    }

    private static Listing listing(long number, String digest) {
        String name = "lib_" + number;
        return new Listing(Listing.Kind.DIRECTORY, name, 0, digest, 1, Collections.singleton(name));
    }

    private static Member member(String id, ServerState state) {
        ServerIdentity identity = new ServerIdentity(id, "http://" + id + ":11000/oozie", "1", "5.2.1", STARTED_MS);
        return new Member(Incarnation.of(id, 1), identity, state, 10_000, 0);
    }
}
