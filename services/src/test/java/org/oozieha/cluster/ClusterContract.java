package org.oozieha.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What every implementation of {@link Cluster} owes its users. */
public abstract class ClusterContract {
    private static final long LIMIT_MS = 60_000;

    /** A coordination service and the faults it can be given. */
    protected interface Fixture {
        Cluster join(String id) throws Exception;

        void cut(String id);

        void heal(String id);

        /** The process is gone, its session lives on until its timeout. */
        void crash(String id);

        void expire(String id) throws Exception;

        void stop() throws Exception;

        void start() throws Exception;

        void wipe() throws Exception;

        /** Lets time pass until the condition holds; false if it does not within the limit. */
        boolean await(BooleanSupplier condition, long limitMs);

        /** Nodes in all lock queues. */
        int places();

        void close() throws Exception;
    }

    protected Fixture fixture;

    protected abstract Fixture fixture() throws Exception;

    @Before
    public void open() throws Exception {
        fixture = fixture();
    }

    @After
    public void shut() throws Exception {
        fixture.close();
    }

    @Test
    public void a_server_that_joined_has_a_valid_lease_and_sees_itself() throws Exception {
        Cluster a = fixture.join("a");
        assertTrue(a.lease().isValid());
        assertTrue(a.lease().remainingMs() > 0);
        until("sees itself", () -> a.members().contains(a.lease().incarnation()));
        assertEquals("http://a:11000/oozie", a.members().find("a").get().url());
        assertEquals(ServerState.JOINING, a.members().find("a").get().state());
    }

    @Test
    public void an_announced_state_reaches_all_and_survives_a_new_incarnation() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        a.announce(ServerState.ACTIVE);
        until("b sees a ACTIVE", () -> stateSeenBy(b, "a") == ServerState.ACTIVE);
        assertEquals("[a]", b.members().owners().toString());
        Incarnation first = a.lease().incarnation();
        fixture.expire("a");
        until(
                "a new incarnation of a, ACTIVE",
                () -> stateSeenBy(b, "a") == ServerState.ACTIVE
                        && b.members().find("a").get().incarnation().supersedes(first));
    }

    @Test
    public void a_crashed_server_departs_and_a_closed_one_departs_at_once() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Cluster c = fixture.join("c");
        until("a sees all", () -> a.members().all().size() == 3);
        fixture.crash("b");
        c.close();
        until("only a is left", () -> a.members().all().size() == 1);
        assertFalse(c.lease().isValid());
        assertNotNull(b);
    }

    @Test
    public void leaving_and_rejoining_between_two_readings_is_a_departure() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Incarnation first = b.lease().incarnation();
        Set<Incarnation> departed = departuresSeenBy(a);
        until("a sees b", () -> a.members().contains(first));
        fixture.cut("a");
        fixture.expire("b");
        until("b is back", () -> b.lease().isValid() && b.lease().incarnation().supersedes(first));
        fixture.heal("a");
        until("a saw the departure", () -> departed.contains(first));
        until("and the new incarnation", () -> a.members().contains(b.lease().incarnation()));
    }

    @Test
    public void a_lease_lapses_while_cut_off_and_comes_back_with_the_same_incarnation_if_the_session_survived()
            throws Exception {
        Cluster a = fixture.join("a");
        Incarnation first = a.lease().incarnation();
        List<String> events = eventsOf(a);
        fixture.cut("a");
        until("lapsed", () -> !a.lease().isValid());
        assertTrue("the incarnation still stands", a.lease().stands(first));
        fixture.heal("a");
        until("valid again", () -> a.lease().isValid());
        assertEquals(first, a.lease().incarnation());
        until("told, in this order", () -> events.toString().startsWith("[lapsed " + first + ", valid " + first));
    }

    @Test
    public void a_server_whose_session_ended_goes_on_as_a_new_incarnation() throws Exception {
        Cluster a = fixture.join("a");
        Incarnation first = a.lease().incarnation();
        List<String> events = eventsOf(a);
        Recorder held = claim(a, "k");
        until("held", () -> held.is("granted"));
        fixture.cut("a");
        Cluster b = fixture.join("b");
        Recorder next = claim(b, "k");
        until("b holds the lock", () -> next.is("granted"));
        assertFalse("a knew before b could get it", a.lease().isValid());
        fixture.heal("a");
        until("a is back", () -> a.lease().isValid() && a.lease().incarnation().supersedes(first));
        until("its claim is lost", () -> held.is("granted", "lost"));
        assertFalse(a.lease().stands(first));
        until(
                "told",
                () -> events.contains("ended " + first)
                        && events.contains("valid " + a.lease().incarnation()));
    }

    @Test
    public void claims_are_granted_in_order_and_a_holder_is_told_of_contention() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Cluster c = fixture.join("c");
        Recorder first = claim(a, "k");
        until("a", () -> first.is("granted"));
        Recorder second = claim(b, "k");
        until("a is asked for it", () -> first.is("granted", "contended"));
        Recorder third = claim(c, "k");
        until("three places", () -> fixture.places() == 3);
        assertTrue(second.is());
        first.claim.release();
        until("b", () -> second.is("granted", "contended"));
        assertTrue(third.is());
        second.claim.release();
        until("c", () -> third.is("granted"));
        third.claim.release();
        until("nothing left", () -> fixture.places() == 0);
    }

    @Test
    public void readers_share_and_a_writer_waits_for_all_of_them() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Recorder readerA = claim(a, "k", LockQueue.Mode.READ);
        Recorder readerB = claim(b, "k", LockQueue.Mode.READ);
        until("both read", () -> readerA.is("granted") && readerB.is("granted"));
        Recorder writer = claim(b, "k");
        until("readers are asked", () -> readerA.is("granted", "contended") && readerB.is("granted", "contended"));
        Recorder late = claim(a, "k", LockQueue.Mode.READ);
        readerA.claim.release();
        until("two waiting behind one reader", () -> fixture.places() == 3);
        assertTrue(writer.is());
        readerB.claim.release();
        until("the writer", () -> writer.is("granted", "contended"));
        assertTrue("a reader does not overtake a writer", late.is());
        writer.claim.release();
        until("the late reader", () -> late.is("granted"));
    }

    @Test
    public void two_claims_of_one_server_queue_like_those_of_two() throws Exception {
        Cluster a = fixture.join("a");
        Recorder first = claim(a, "k");
        until("held", () -> first.is("granted"));
        Recorder second = claim(a, "k");
        until("contended", () -> first.is("granted", "contended"));
        assertTrue(second.is());
        first.claim.release();
        until("second", () -> second.is("granted"));
    }

    @Test
    public void a_withdrawn_claim_leaves_nothing_and_is_never_granted() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Recorder first = claim(a, "k");
        until("held", () -> first.is("granted"));
        Recorder withdrawn = claim(b, "k");
        withdrawn.claim.release();
        Recorder next = claim(b, "k");
        until("two places", () -> first.is("granted", "contended"));
        first.claim.release();
        until("the next", () -> next.is("granted"));
        next.claim.release();
        next.claim.release();
        until("nothing left", () -> fixture.places() == 0);
        assertTrue(withdrawn.is());
    }

    @Test
    public void claims_made_or_given_up_in_an_outage_are_as_if_made_or_given_up_after_it() throws Exception {
        Cluster a = fixture.join("a");
        Recorder held = claim(a, "held");
        until("held", () -> held.is("granted"));
        fixture.stop();
        until("lapsed", () -> !a.lease().isValid());
        held.claim.release();
        Recorder withdrawn = claim(a, "withdrawn");
        Recorder made = claim(a, "made");
        withdrawn.claim.release();
        fixture.start();
        until("valid again", () -> a.lease().isValid());
        until("one place", () -> fixture.places() == 1);
        until("granted", () -> made.is("granted"));
        assertTrue(withdrawn.is());
    }

    @Test
    public void a_grant_that_a_departure_made_possible_comes_after_the_departure_was_seen() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Incarnation gone = a.lease().incarnation();
        Recorder holder = claim(a, "k");
        until("held", () -> holder.is("granted"));
        List<Boolean> seenGoneAtGrant = new CopyOnWriteArrayList<>();
        b.locks().enqueue("k", LockQueue.Mode.WRITE, new LockQueue.ClaimListener() {
            @Override
            public void granted() {
                seenGoneAtGrant.add(!b.members().contains(gone));
            }

            @Override
            public void contended() {}

            @Override
            public void lost() {}
        });
        until("b waits", () -> fixture.places() == 2);
        fixture.crash("a");
        until("granted", () -> seenGoneAtGrant.size() == 1);
        assertTrue(seenGoneAtGrant.get(0));
    }

    @Test
    public void an_outage_of_any_length_ends_by_itself_and_no_one_departs() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Incarnation first = a.lease().incarnation();
        Set<Incarnation> departed = departuresSeenBy(b);
        until("both seen", () -> b.members().all().size() == 2);
        fixture.stop();
        until("lapsed", () -> !a.lease().isValid() && !b.lease().isValid());
        fixture.start();
        until("valid again", () -> a.lease().isValid() && b.lease().isValid());
        assertEquals(first, a.lease().incarnation());
        assertTrue(departed.toString(), departed.isEmpty());
    }

    @Test
    public void a_wiped_service_kills_all_tokens_and_every_server_registers_anew() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Incarnation firstA = a.lease().incarnation();
        Incarnation firstB = b.lease().incarnation();
        Recorder held = claim(a, "k");
        until("held", () -> held.is("granted"));
        fixture.wipe();
        until(
                "anew",
                () -> a.lease().isValid()
                        && b.lease().isValid()
                        && a.lease().incarnation().supersedes(firstA)
                        && b.lease().incarnation().supersedes(firstB));
        until("lost", () -> held.is("granted", "lost"));
        until("members", () -> a.members().contains(b.lease().incarnation()));
        Recorder again = claim(a, "k");
        until("works again", () -> again.is("granted"));
    }

    @Test
    public void a_value_changes_by_compare_and_set_only() throws Exception {
        SharedValue a = fixture.join("a").value("/ha/some/value");
        SharedValue b = fixture.join("b").value("/ha/some/value");
        SharedValue.Version absent = a.read(5_000);
        assertFalse(absent.exists());
        assertTrue(a.compareAndSet(absent, bytes("one"), 5_000));
        assertFalse(b.compareAndSet(absent, bytes("two"), 5_000));
        SharedValue.Version one = b.read(5_000);
        assertArrayEquals(bytes("one"), one.data());
        assertTrue(b.compareAndSet(one, bytes("two"), 5_000));
        assertFalse(a.compareAndSet(one, bytes("three"), 5_000));
        assertArrayEquals(bytes("two"), a.read(5_000).data());
    }

    @Test
    public void a_value_is_removed_only_as_it_was_read_and_can_be_made_again() throws Exception {
        SharedValue a = fixture.join("a").value("/ha/some/value");
        Cluster server = fixture.join("b");
        SharedValue b = server.value("/ha/some/value");
        WatchedDirectory seen = server.directory("/ha/some");
        SharedValue.Version absent = a.read(5_000);
        assertFalse(a.remove(absent, 5_000));
        assertTrue(a.compareAndSet(absent, bytes("one"), 5_000));
        assertFalse(a.remove(absent, 5_000));
        SharedValue.Version one = b.read(5_000);
        assertTrue(a.compareAndSet(one, bytes("two"), 5_000));
        until("seen", () -> seen.entries().containsKey("value"));
        assertFalse(b.remove(one, 5_000));
        assertTrue(b.remove(b.read(5_000), 5_000));
        assertFalse(a.read(5_000).exists());
        until("not seen any more", () -> !seen.entries().containsKey("value"));
        assertTrue(a.compareAndSet(a.read(5_000), bytes("three"), 5_000));
    }

    @Test
    public void a_value_asked_for_in_an_outage_is_refused_in_time() throws Exception {
        Cluster a = fixture.join("a");
        fixture.stop();
        until("lapsed", () -> !a.lease().isValid());
        try {
            a.value("/ha/v").read(300);
            throw new AssertionError("answered");
        } catch (ClusterUnavailableException expected) {
            assertTrue(expected.getMessage(), expected.getMessage().contains("/ha/v"));
        }
    }

    @Test
    public void a_directory_follows_what_is_written_below_it() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        WatchedDirectory seen = b.directory("/ha/dir");
        SharedValue x = a.value("/ha/dir/x");
        assertTrue(x.compareAndSet(x.read(5_000), bytes("1"), 5_000));
        until("x=1", () -> "1".equals(text(seen.entries().get("x"))));
        assertTrue(x.compareAndSet(x.read(5_000), bytes("2"), 5_000));
        until("x=2", () -> "2".equals(text(seen.entries().get("x"))));
    }

    @Test
    public void one_leads_and_another_takes_over_when_it_is_gone() throws Exception {
        Cluster a = fixture.join("a");
        Cluster b = fixture.join("b");
        Leadership leaderA = leadership(a);
        leaderA.stand(true);
        until("a leads", leaderA::isLeader);
        Leadership leaderB = leadership(b);
        leaderB.stand(true);
        fixture.cut("a");
        until("b leads", () -> {
            boolean b2 = leaderB.isLeader();
            assertFalse("two leaders", b2 && leaderA.isLeader());
            return b2;
        });
        fixture.heal("a");
        until("a is back", () -> a.lease().isValid());
        leaderB.stand(false);
        until("a leads again", leaderA::isLeader);
        assertFalse(leaderB.isLeader());
    }

    protected final void until(String what, BooleanSupplier condition) {
        assertTrue(what, fixture.await(condition, LIMIT_MS));
    }

    protected final Recorder claim(Cluster cluster, String key) {
        return claim(cluster, key, LockQueue.Mode.WRITE);
    }

    protected final Recorder claim(Cluster cluster, String key, LockQueue.Mode mode) {
        Recorder recorder = new Recorder();
        recorder.claim = cluster.locks().enqueue(key, mode, recorder);
        return recorder;
    }

    protected static Leadership leadership(Cluster cluster) {
        ClaimedLeadership leadership = new ClaimedLeadership(cluster.locks(), cluster.lease(), "leader");
        cluster.listen(leadership);
        return leadership;
    }

    private static ServerState stateSeenBy(Cluster cluster, String id) {
        return cluster.members().find(id).map(Member::state).orElse(null);
    }

    protected static Set<Incarnation> departuresSeenBy(Cluster cluster) {
        Set<Incarnation> departed =
                new ConcurrentSkipListSet<>((x, y) -> x.toString().compareTo(y.toString()));
        cluster.listen(new ClusterListener() {
            @Override
            public void membersChanged(Members before, Members after) {
                departed.addAll(after.departedSince(before));
            }
        });
        return departed;
    }

    protected static List<String> eventsOf(Cluster cluster) {
        List<String> events = new CopyOnWriteArrayList<>();
        cluster.listen(new ClusterListener() {
            @Override
            public void leaseValid(Incarnation incarnation) {
                events.add("valid " + incarnation);
            }

            @Override
            public void leaseLapsed(Incarnation incarnation) {
                events.add("lapsed " + incarnation);
            }

            @Override
            public void incarnationEnded(Incarnation incarnation) {
                events.add("ended " + incarnation);
            }
        });
        return events;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] data) {
        return data == null ? null : new String(data, UTF_8);
    }

    /** Remembers what a claim was told. */
    protected static final class Recorder implements LockQueue.ClaimListener {
        public volatile LockQueue.Claim claim;
        private final List<String> told = new CopyOnWriteArrayList<>();

        public boolean is(String... expected) {
            return told.equals(java.util.Arrays.asList(expected));
        }

        @Override
        public void granted() {
            told.add("granted");
        }

        @Override
        public void contended() {
            if (!told.contains("contended")) {
                told.add("contended");
            }
        }

        @Override
        public void lost() {
            told.add("lost");
        }

        @Override
        public String toString() {
            return told.toString();
        }
    }
}
