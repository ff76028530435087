package org.oozieha.sharelib.version;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.Test;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;

public final class ConvergenceTest {
    private final ShareLibServers servers = new ShareLibServers();
    private final SharedFiles files = servers.files;

    @Test
    public void the_first_server_publishes_the_newest_complete_version() {
        files.upload(1);
        files.incomplete(files.upload(2), true);
        assertEquals("lib_0001", servers.start("a").serves());
    }

    @Test
    public void a_starting_server_takes_the_published_version_and_not_the_newest() {
        files.upload(1);
        ShareLibServer a = servers.start("a");
        files.upload(2);
        ShareLibServer b = servers.start("b");
        assertEquals("lib_0001", b.serves());
        assertEquals(a.number(), b.number());
    }

    @Test
    public void what_one_server_publishes_all_load() throws Exception {
        files.upload(1);
        servers.start("a", "b", "c");
        files.upload(2);
        ShareLibVersion version = servers.byId.get("b").convergence.publishNewest();
        servers.settle();
        assertAllServe("lib_0002");
        UpdateTable table = servers.byId.get("b").update.table(version, servers.byId.keySet());
        assertEquals("{a=loaded, b=loaded, c=loaded}", table.lines().toString());
        assertTrue(table.isComplete());
    }

    @Test
    public void an_upload_in_progress_is_refused_and_nothing_changes() throws Exception {
        files.upload(1);
        servers.start("a", "b");
        files.incomplete(files.upload(2), true);
        try {
            servers.byId.get("a").convergence.publishNewest();
            fail("published");
        } catch (IOException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("lib_0002 is incomplete"));
        }
        servers.settle();
        assertAllServe("lib_0001");
    }

    @Test
    public void a_server_that_was_cut_off_or_hung_loads_the_version_when_it_is_back() throws Exception {
        files.upload(1);
        servers.start("a", "b", "c");
        servers.ensemble.cut("b");
        servers.ensemble.pause("c");
        files.upload(2);
        ShareLibVersion version = servers.byId.get("a").convergence.publishNewest();
        servers.settle();
        UpdateTable before = servers.byId.get("a").update.table(version, servers.byId.keySet());
        assertFalse(before.isSettled());
        servers.advance(30_000);
        UpdateTable after = servers.byId.get("a").update.table(version, servers.byId.keySet());
        assertTrue(after.isComplete());
        assertEquals(
                "{a=loaded, b=will load when it returns, c=will load when it returns}",
                after.lines().toString());
        assertEquals("lib_0001", servers.byId.get("b").serves());
        servers.ensemble.heal("b");
        servers.ensemble.resume("c");
        servers.ensemble.holdEvents("c", false);
        servers.advance(1_000);
        assertAllServe("lib_0002");
    }

    @Test
    public void a_failed_load_keeps_the_old_version_is_told_and_repeated() throws Exception {
        files.upload(1);
        servers.start("a", "b");
        ShareLibServer b = servers.byId.get("b");
        b.source.broken(true);
        files.upload(2);
        ShareLibVersion version = servers.byId.get("a").convergence.publishNewest();
        servers.settle();
        assertEquals("lib_0001", b.serves());
        UpdateTable table = servers.byId.get("a").update.table(version, servers.byId.keySet());
        assertTrue(table.isSettled());
        assertFalse(table.isComplete());
        assertEquals("failed: this server cannot read", table.lines().get("b"));
        b.source.broken(false);
        servers.advance(31_000);
        assertAllServe("lib_0002");
        assertTrue(servers.byId
                .get("a")
                .update
                .table(version, servers.byId.keySet())
                .isComplete());
    }

    @Test
    public void a_server_starts_without_its_file_system_and_loads_when_that_is_there() {
        files.upload(1);
        files.away(true);
        ShareLibServer a = servers.start("a");
        assertEquals("nothing", a.serves());
        files.away(false);
        servers.advance(31_000);
        assertEquals("lib_0001", a.serves());
        assertEquals("", a.convergence.failure());
    }

    @Test
    public void files_changed_after_publication_are_not_loaded_over_a_good_version() throws Exception {
        files.upload(1);
        servers.start("a", "b");
        servers.ensemble.cut("b");
        String changed = files.upload(2);
        servers.byId.get("a").convergence.publishNewest();
        files.change(changed, "another digest");
        servers.ensemble.heal("b");
        servers.advance(31_000);
        assertEquals("lib_0001", servers.byId.get("b").serves());
        assertTrue(servers.byId.get("b").convergence.failure().contains("changed after it was published"));
        servers.byId.get("a").convergence.publishNewest();
        servers.settle();
        assertAllServe("lib_0002");
        assertEquals("", servers.byId.get("b").convergence.failure());
    }

    @Test
    public void a_starting_server_takes_no_half_uploaded_directory_although_it_is_the_published_one() {
        files.upload(1);
        servers.start("a");
        files.change("lib_0001", "half of another upload");
        files.incomplete("lib_0001", true);
        ShareLibServer b = servers.start("b");
        assertEquals("nothing", b.serves());
        assertTrue(b.convergence.failure(), b.convergence.failure().contains("is incomplete"));
        files.incomplete("lib_0001", false);
        servers.advance(31_000);
        assertEquals("lib_0001", b.serves());
    }

    @Test
    public void a_server_without_a_sharelib_knows_whether_one_is_published() {
        ShareLibServer a = servers.start("a");
        assertFalse(a.convergence.mayBePublished());
        files.upload(1);
        servers.advance(31_000);
        ShareLibServer b = new ShareLibServer(servers.ensemble, "b", files, servers.unfinished);
        b.source.broken(true);
        assertTrue(b.convergence.mayBePublished());
        servers.start(b);
        assertEquals("nothing", b.serves());
        assertTrue(b.convergence.mayBePublished());
    }

    @Test
    public void two_updates_at_once_end_in_one_version_everywhere() {
        files.upload(1);
        servers.start("a", "b", "c");
        files.upload(2);
        ShareLibVersion[] overtaking = new ShareLibVersion[1];
        servers.byId.get("a").source.afterNextRead(() -> overtaking[0] = publish("b"));
        ShareLibVersion last = publish("a");
        servers.settle();
        assertEquals(2, overtaking[0].number());
        assertEquals(3, last.number());
        servers.byId.values().forEach(server -> assertEquals(3, server.number()));
        UpdateTable table = servers.byId.get("b").update.table(overtaking[0], servers.byId.keySet());
        assertTrue(table.lines().toString(), table.isComplete());
    }

    private ShareLibVersion publish(String id) {
        try {
            return servers.byId.get(id).convergence.publishNewest();
        } catch (IOException | ClusterUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    public void after_a_wipe_of_the_cluster_what_was_served_is_published_again() {
        files.upload(1);
        servers.start("a", "b");
        files.upload(2);
        servers.ensemble.wipe();
        servers.advance(31_000);
        assertAllServe("lib_0001");
        assertEquals(servers.byId.get("a").number(), servers.byId.get("b").number());
    }

    @Test
    public void where_the_published_directory_is_gone_a_starting_server_takes_the_newest() {
        files.upload(1);
        servers.start("a").die();
        servers.advance(12_000);
        files.upload(2);
        files.change("lib_0001", null);
        assertEquals("lib_0002", servers.start("b").serves());
    }

    @Test
    public void a_server_that_alone_cannot_find_the_published_directory_moves_nobody() {
        files.upload(1);
        ShareLibServer a = servers.start("a");
        files.upload(2);
        ShareLibServer b = new ShareLibServer(servers.ensemble, "b", files, servers.unfinished);
        b.source.unseen("lib_0001");
        servers.start(b);
        servers.advance(31_000);
        assertEquals("lib_0001", a.serves());
        assertEquals("nothing", b.serves());
        assertTrue(b.convergence.failure(), b.convergence.failure().contains("others serve it"));
        a.die();
        servers.advance(45_000);
        assertEquals("lib_0002", b.serves());
    }

    @Test
    public void a_damaged_version_is_told_and_replaced_by_an_update() throws Exception {
        files.upload(1);
        ShareLibServer a = servers.start("a");
        SharedValue current = a.cluster.value(ShareLibNodes.ROOT + "/current");
        current.compareAndSet(current.read(1_000), "{\"number\":".getBytes(StandardCharsets.UTF_8), 1_000);
        servers.settle();
        assertEquals("lib_0001", a.serves());
        assertTrue(a.convergence.failure(), a.convergence.failure().contains("/ha/sharelib/current is damaged"));
        a.convergence.publishNewest();
        servers.settle();
        assertEquals("", a.convergence.failure());
        assertEquals(2, a.number());
    }

    @Test
    public void a_damaged_purge_record_stops_no_start_and_no_update() throws Exception {
        files.upload(1);
        ShareLibServer a = servers.start("a");
        SharedValue purge = a.cluster.value(ShareLibNodes.ROOT + "/purge");
        purge.compareAndSet(purge.read(1_000), "{\"unused\":".getBytes(StandardCharsets.UTF_8), 1_000);
        ShareLibServer b = servers.start("b");
        servers.settle();
        assertEquals("lib_0001", b.serves());
        files.upload(2);
        a.convergence.publishNewest();
        servers.settle();
        assertAllServe("lib_0002");
        assertEquals("", b.convergence.failure());
        servers.purgeFor(24 * 16);
        assertTrue(new String(purge.read(1_000).data(), StandardCharsets.UTF_8).endsWith("}"));
    }

    @Test
    public void a_damaged_record_of_a_peer_is_skipped() throws Exception {
        files.upload(1);
        ShareLibServer a = servers.start("a");
        SharedValue record = a.cluster.value(ShareLibNodes.LOADED + "/b");
        record.compareAndSet(record.read(1_000), new byte[] {1, 2}, 1_000);
        servers.settle();
        assertEquals("[a]", a.nodes.watchedRecords().keySet().toString());
    }

    @Test
    public void a_stock_server_is_named_as_not_reached() throws Exception {
        files.upload(1);
        ShareLibServer a = servers.start("a");
        servers.ensemble.stock("s", "http://s:11000/oozie");
        UpdateTable table = a.update.table(a.convergence.publishNewest(), a.update.registered());
        assertFalse(table.isComplete());
        assertTrue(table.lines().get("s"), table.lines().get("s").startsWith("not reached"));
    }

    private void assertAllServe(String directory) {
        servers.byId.forEach((id, server) -> assertEquals(id, directory, server.serves()));
    }
}
