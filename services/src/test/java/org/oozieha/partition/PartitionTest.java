package org.oozieha.partition;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;

public class PartitionTest {
    private static final String JOB = "0000007-261120101500000-oozie-oozi-";
    private final long seed = Long.getLong("it.seed", 1);

    @Test
    public void every_id_has_exactly_one_owner_in_every_membership() {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<String> ids = servers(1 + random.nextInt(9), "s" + round + "-");
            Members members = active(ids);
            String job = anyId(random);
            List<String> owners = ids.stream()
                    .filter(id -> partition(members, id, true).owns(job))
                    .collect(Collectors.toList());
            assertEquals("seed " + seed + " round " + round + " " + job + " " + owners, 1, owners.size());
            assertEquals(
                    owners.get(0),
                    partition(members, ids.get(0), true).ownerOf(job).get());
        }
    }

    @Test
    public void a_join_moves_about_one_nth_of_the_jobs_and_all_of_them_to_the_newcomer() {
        for (int n = 1; n <= 8; n++) {
            List<String> after = servers(n + 1, "oozie-");
            Members before = active(after.subList(0, n));
            int moved = 0;
            for (String job : jobs(20_000)) {
                String old = partition(before, "x", true).ownerOf(job).get();
                String now = partition(active(after), "x", true).ownerOf(job).get();
                if (!old.equals(now)) {
                    assertEquals(after.get(n), now);
                    moved++;
                }
            }
            assertEquals("share moved to server " + (n + 1), 1.0 / (n + 1), moved / 20_000.0, 0.02);
        }
    }

    @Test
    public void a_leave_moves_only_the_jobs_of_the_one_that_left() {
        List<String> before = servers(5, "host");
        List<String> after = new ArrayList<>(before);
        after.remove(2);
        for (String job : jobs(5_000)) {
            String old = partition(active(before), "x", true).ownerOf(job).get();
            String now = partition(active(after), "x", true).ownerOf(job).get();
            if (old.equals(before.get(2))) {
                assertNotEquals(old, now);
            } else {
                assertEquals(old, now);
            }
        }
    }

    @Test
    public void consecutive_job_ids_spread_evenly_over_servers_with_similar_names() {
        for (String prefix : new String[] {"oozie-", "node", "a"}) {
            List<String> ids = servers(4, prefix);
            Map<String, Integer> count = new HashMap<>();
            for (String job : jobs(20_000)) {
                count.merge(partition(active(ids), "x", true).ownerOf(job).get(), 1, Integer::sum);
            }
            for (String id : ids) {
                assertEquals(prefix, 5_000, count.get(id), 300);
            }
        }
    }

    @Test
    public void the_actions_of_a_job_have_the_owner_of_the_job() {
        Members members = active(servers(7, "n"));
        for (String job : jobs(500)) {
            String owner = partition(members, "x", true).ownerOf(job).get();
            for (String action : new String[] {"@start", "@12", "@a@b", "@"}) {
                assertEquals(
                        owner,
                        partition(members, "x", true).ownerOf(job + action).get());
            }
        }
    }

    @Test
    public void the_last_survivor_owns_everything() {
        Partition last = partition(active(Collections.singletonList("a")), "a", true);
        assertEquals(jobs(100), last.owned(jobs(100)));
        assertTrue(last.owns("no job id at all"));
        assertTrue(last.owns(""));
    }

    @Test
    public void a_server_with_a_lapsed_lease_owns_nothing() {
        Partition lapsed = partition(active(Collections.singletonList("a")), "a", false);
        assertFalse(lapsed.owns(JOB + "W"));
        assertEquals(Collections.emptyList(), lapsed.owned(jobs(10)));
    }

    @Test
    public void a_server_that_is_not_an_owner_owns_nothing() {
        Members draining = Members.of(
                Arrays.asList(member("a", ServerState.DRAINING), member("b", ServerState.ACTIVE)),
                Collections.emptyMap());
        assertEquals(Collections.emptyList(), partition(draining, "a", true).owned(jobs(100)));
        assertEquals(100, partition(draining, "b", true).owned(jobs(100)).size());
        assertFalse(partition(Members.nobody(), "a", true).owns(JOB + "W"));
    }

    @Test
    public void the_owner_does_not_depend_on_the_jvm_or_the_release() {
        assertEquals(0xcbf29ce484222325L, Rendezvous.hash(""));
        assertEquals(0xaf63dc4c8601ec8cL, Rendezvous.hash("a"));
        assertEquals(0x85944171f73967e8L, Rendezvous.hash("foobar"));
        assertEquals(0xb456bcfc34c2cb2cL, Rendezvous.mix(1));
        String owners = jobs(12).stream()
                .map(job -> Rendezvous.owner(job, Arrays.asList("a", "b", "c")).get())
                .collect(Collectors.joining());
        assertEquals("cabccaabcaca", owners);
    }

    private static String anyId(Random random) {
        char[] shape = new char[random.nextInt(40)];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (char) (random.nextInt(0x250) + 1);
        }
        return random.nextBoolean() ? JOB + "W" + random.nextInt() : new String(shape);
    }

    private static List<String> jobs(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> String.format("%07d-261120101500000-oozie-oozi-W", i))
                .collect(Collectors.toList());
    }

    private static List<String> servers(int n, String prefix) {
        return IntStream.range(0, n).mapToObj(i -> prefix + i).collect(Collectors.toList());
    }

    private static Members active(List<String> ids) {
        List<Member> members = new ArrayList<>();
        for (String id : ids) {
            members.add(member(id, ServerState.ACTIVE));
        }
        return Members.of(members, Collections.emptyMap());
    }

    private static Member member(String id, ServerState state) {
        ServerIdentity identity = new ServerIdentity(id, "http://" + id + ":11000/oozie", "1", "5.2.1", 0);
        return new Member(Incarnation.of(id, 1), identity, state, 10_000, 0);
    }

    private static Partition partition(Members members, String self, boolean leaseValid) {
        return new Partition(() -> members, new FixedLease(self, leaseValid), self);
    }

    private static final class FixedLease implements Lease {
        private final Incarnation incarnation;
        private final boolean valid;

        private FixedLease(String id, boolean valid) {
            incarnation = Incarnation.of(id, 1);
            this.valid = valid;
        }

        @Override
        public Incarnation incarnation() {
            return incarnation;
        }

        @Override
        public boolean isValid(Incarnation asked) {
            return valid && asked.equals(incarnation);
        }

        @Override
        public boolean stands(Incarnation asked) {
            return asked.equals(incarnation);
        }

        @Override
        public long remainingMs() {
            return valid ? 1_000 : 0;
        }
    }
}
