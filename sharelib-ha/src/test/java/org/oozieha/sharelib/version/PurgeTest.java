package org.oozieha.sharelib.version;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.TreeSet;
import org.junit.Test;

public final class PurgeTest {
    private static final int WEEKS_OF_HOURS = 24 * 16;

    private final ShareLibServers servers = new ShareLibServers();
    private final SharedFiles files = servers.files;

    @Test
    public void an_old_directory_that_nobody_uses_is_deleted_and_the_published_and_the_newest_stay() throws Exception {
        files.upload(900);
        files.upload(910);
        servers.start("a", "b");
        files.upload(920);
        servers.byId.get("a").convergence.publishNewest();
        files.upload(930);
        servers.settle();
        servers.purgeFor(48);
        assertEquals("[lib_0920, lib_0930]", files.directories().toString());
    }

    @Test
    public void a_directory_stays_for_the_retention_time_after_its_upload() {
        files.upload(998);
        files.upload(999);
        servers.start("a");
        servers.purgeFor(24 * 4);
        assertTrue(files.deleted().toString(), files.deleted().isEmpty());
        servers.purgeFor(24 * 6);
        assertEquals("[lib_0998]", files.deleted().toString());
    }

    @Test
    public void a_directory_stays_while_a_server_that_missed_the_update_serves_it() throws Exception {
        files.upload(900);
        servers.start("a", "b");
        servers.byId.get("b").source.broken(true);
        files.upload(910);
        servers.byId.get("a").convergence.publishNewest();
        servers.settle();
        servers.purgeFor(WEEKS_OF_HOURS);
        assertTrue(files.deleted().toString(), files.deleted().isEmpty());
        servers.byId.get("b").source.broken(false);
        servers.advance(31_000);
        servers.purgeFor(48);
        assertEquals("[lib_0900]", files.deleted().toString());
    }

    @Test
    public void a_directory_stays_until_the_actions_created_before_it_became_unused_have_ended() throws Exception {
        files.upload(900);
        servers.start("a");
        servers.unfinished.put("0000001-W@sleep", servers.ensemble.clock().millis());
        files.upload(910);
        servers.byId.get("a").convergence.publishNewest();
        servers.purgeFor(WEEKS_OF_HOURS);
        assertTrue(files.deleted().toString(), files.deleted().isEmpty());
        servers.unfinished.put("0000002-W@later", servers.ensemble.clock().millis());
        servers.unfinished.remove("0000001-W@sleep");
        servers.purgeFor(48);
        assertEquals("[lib_0900]", files.deleted().toString());
    }

    /** A mapping file is turned back for minutes, or an update is undone: no pass sees it. */
    @Test
    public void what_was_used_between_two_passes_counts_as_unused_only_since_then() throws Exception {
        files.upload(900);
        files.upload(910);
        ShareLibServer a = servers.start("a");
        a.purge.run();
        servers.passDays(0.5);
        files.change("lib_0910", null);
        a.convergence.publishNewest();
        assertEquals("lib_0900", a.serves());
        servers.passDays(0.1);
        servers.unfinished.put("0000001-W@begun-then", servers.ensemble.clock().millis());
        servers.passDays(0.1);
        files.upload(910);
        a.convergence.publishNewest();
        servers.purgeFor(WEEKS_OF_HOURS);
        assertTrue(files.deleted().toString(), files.deleted().isEmpty());
        servers.unfinished.clear();
        servers.purgeFor(48);
        assertEquals("[lib_0900]", files.deleted().toString());
    }

    @Test
    public void what_a_dead_server_used_stays_for_the_retention_time_and_then_goes() throws Exception {
        files.upload(900);
        servers.start("a", "b");
        servers.byId.get("b").die();
        servers.advance(12_000);
        files.upload(910);
        servers.byId.get("a").convergence.publishNewest();
        servers.purgeFor(24 * 6);
        assertTrue(files.deleted().toString(), files.deleted().isEmpty());
        servers.purgeFor(24 * 6);
        assertEquals("[lib_0900]", files.deleted().toString());
        assertEquals(
                "[a]", servers.byId.get("a").nodes.watchedRecords().keySet().toString());
    }

    /** Stock deletes the launcher directories of all but one of such servers while they run. */
    @Test
    public void launcher_directories_of_servers_started_days_apart_stay_while_they_run_and_stale_ones_go()
            throws Exception {
        files.upload(900);
        String stale = files.upload("launcher_0950_old");
        launcher(servers.start("a"), "launcher_1000_a");
        servers.setDay(1005);
        launcher(servers.start("b"), "launcher_1005_b");
        servers.setDay(1009);
        launcher(servers.start("c"), "launcher_1009_c");
        servers.purgeFor(24 * 30);
        assertEquals(Collections.singleton(stale), files.deleted());
        servers.byId.get("b").die();
        servers.advance(12_000);
        launcher(servers.start("b"), "launcher_1040_b");
        servers.purgeFor(24 * 3);
        assertEquals(new TreeSet<>(Arrays.asList(stale, "launcher_1005_b")), files.deleted());
    }

    private void launcher(ShareLibServer server, String directory) throws Exception {
        server.convergence.keep(directory);
        files.upload(directory);
        servers.settle();
    }

    @Test
    public void a_launcher_directory_that_was_announced_and_never_made_is_forgotten() throws Exception {
        files.upload(900);
        ShareLibServer a = servers.start("a");
        a.convergence.keep("launcher_1000_a");
        a.nodes.addLauncher("launcher_1000_a", "a", 0, 0);
        a.nodes.addLauncher("launcher_0990_died", "died", 0, 0);
        servers.settle();
        servers.purgeFor(1);
        assertEquals("[launcher_1000_a]", a.nodes.launchers().toString());
    }

    @Test
    public void nothing_is_purged_while_a_member_has_not_said_what_it_uses_or_a_stock_server_runs() throws Exception {
        files.upload(900);
        files.upload(910);
        servers.start("a");
        servers.ensemble.join("silent");
        servers.settle();
        servers.purgeFor(48);
        assertTrue(files.deleted().isEmpty());
        servers.ensemble.crash("silent");
        servers.advance(12_000);
        servers.ensemble.stock("s", "http://s:11000/oozie");
        servers.purgeFor(48);
        assertTrue(files.deleted().isEmpty());
        servers.ensemble.stock("s", null);
        servers.purgeFor(48);
        assertEquals("[lib_0900]", files.deleted().toString());
    }

    @Test
    public void a_directory_that_cannot_be_deleted_keeps_no_other_one_alive() {
        files.undeletable(files.upload(900));
        files.upload(905);
        files.upload(910);
        servers.start("a");
        servers.purgeFor(48);
        assertEquals("[lib_0905]", files.deleted().toString());
        assertEquals("[lib_0900, lib_0910]", files.directories().toString());
    }

    @Test
    public void only_the_leader_deletes() {
        files.upload(900);
        files.upload(910);
        servers.start("a", "b");
        assertTrue(servers.byId.get("a").leadership.isLeader());
        for (int hour = 0; hour < 48; hour++) {
            servers.byId.get("b").purge.run();
            servers.passDays(1 / 24.0);
        }
        assertTrue(files.deleted().isEmpty());
    }

    @Test
    public void what_a_leader_left_half_done_the_next_one_finishes() {
        files.upload(900);
        files.upload(910);
        servers.start("a", "b");
        files.beforeDeletion(() -> {
            servers.byId.get("a").die();
            throw new IllegalStateException("the leader dies here");
        });
        servers.purgeFor(26);
        assertTrue(files.deleted().isEmpty());
        servers.advance(15_000);
        assertTrue(servers.byId.get("b").leadership.isLeader());
        servers.purgeFor(2);
        assertEquals("[lib_0900]", files.deleted().toString());
    }

    @Test
    public void what_a_leader_condemned_before_it_died_the_next_one_deletes() throws Exception {
        files.upload(900);
        files.upload(910);
        condemn(servers.start("a"), "lib_0900");
        servers.purgeFor(1);
        assertEquals("[lib_0900]", files.deleted().toString());
    }

    @Test
    public void a_directory_that_was_condemned_although_it_is_in_use_is_spared() throws Exception {
        files.upload(900);
        ShareLibServer a = servers.start("a");
        files.upload(910);
        condemn(a, "lib_0900");
        servers.purgeFor(48);
        assertTrue(files.deleted().toString(), files.deleted().isEmpty());
        assertEquals("[]", a.nodes.purge().value().condemned().toString());
    }

    private static void condemn(ShareLibServer by, String directory) throws Exception {
        Stored<PurgeRecord> record = by.nodes.purge();
        by.nodes.replace(record, record.value().with(directory, PurgeRecord.State.CONDEMNED, 0));
    }

    @Test
    public void a_directory_condemned_before_it_was_announced_is_refused() throws Exception {
        files.undeletable(files.upload(900));
        files.upload(910);
        ShareLibServer a = servers.start("a");
        ShareLibServer b = servers.start("b");
        servers.purgeFor(24);
        servers.passDays(0.1);
        files.change("lib_0910", null);
        b.source.afterNextRead(() -> {
            files.upload(910);
            a.purge.run();
        });
        try {
            b.convergence.publishNewest();
            fail("published");
        } catch (IOException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("is being purged: [lib_0900]"));
        }
        servers.settle();
        assertEquals("lib_0910", a.serves());
        assertEquals("lib_0910", b.serves());
    }
}
