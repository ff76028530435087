package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;

public class DepartedServersTest {
    private final AtomicLong clock = new AtomicLong(1_000);
    private final DepartedServers departed = new DepartedServers(clock::get);

    @Test
    public void a_server_that_left_after_the_job_began_is_named() {
        departed.membersChanged(members("a", "b"), members("a"));
        assertEquals("[b]", servers(1_000));
        assertTrue(departed.since(1_000).get(0).reason().startsWith("left at "));
        assertEquals("[]", servers(1_001));
    }

    @Test
    public void one_that_came_back_is_forgotten() {
        departed.membersChanged(members("a", "b"), members("a"));
        departed.membersChanged(members("a"), members("a", "b"));
        assertEquals("[]", servers(0));
    }

    @Test
    public void a_stock_server_counts_too_and_one_that_changed_to_the_pack_has_not_left() {
        Map<String, String> stock = new TreeMap<>();
        stock.put("s", "http://s:11000/oozie");
        stock.put("t", "http://t:11000/oozie");
        departed.membersChanged(Members.of(Collections.emptyList(), stock), members("t"));
        assertEquals("[s]", servers(0));
    }

    @Test
    public void only_the_last_hundred_are_held() {
        for (int i = 0; i < 150; i++) {
            clock.set(i);
            departed.membersChanged(members("s" + i), members("a"));
        }
        assertEquals(100, departed.since(0).size());
        assertEquals("s50", departed.since(0).get(0).server());
    }

    @Test
    public void one_that_left_unseen_is_named_where_it_may_have_left_after_the_job_began() {
        assertFalse(departed.isComplete());
        departed.leftUnseen(Collections.singletonMap(Incarnation.of("b", 1), 1_000L), () -> members("a"));
        assertTrue(departed.isComplete());
        assertEquals("[b]", servers(1_000));
        assertTrue(departed.since(1_000).get(0).reason().startsWith("had left by "));
        assertEquals("[]", servers(1_001));
    }

    @Test
    public void what_was_seen_counts_more_than_what_was_recorded() {
        departed.membersChanged(members("a", "b"), members("a"));
        departed.leftUnseen(Collections.singletonMap(Incarnation.of("b", 1), 500L), () -> members("a"));
        assertEquals("[b]", servers(1_000));
        assertEquals(1_000, departed.seenLeaving(Incarnation.of("b", 1)).getAsLong());
    }

    @Test
    public void one_that_was_seen_leaving_and_came_and_left_again_unseen_is_named_for_the_jobs_of_both_lives() {
        departed.membersChanged(members("a", "b"), members("a"));
        assertFalse(departed.seenLeaving(Incarnation.of("b", 2)).isPresent());
        departed.leftUnseen(Collections.singletonMap(Incarnation.of("b", 2), 3_000L), () -> members("a"));
        assertEquals("[b]", servers(3_000));
    }

    @Test
    public void of_two_times_by_which_one_had_left_the_earlier_counts_but_not_that_of_an_earlier_life() {
        departed.leftUnseen(Collections.singletonMap(Incarnation.of("b", 1), 1_000L), () -> members("a"));
        departed.leftUnseen(Collections.singletonMap(Incarnation.of("b", 1), 2_000L), () -> members("a"));
        assertEquals("[]", servers(1_001));
        departed.leftUnseen(Collections.singletonMap(Incarnation.of("b", 2), 3_000L), () -> members("a"));
        assertEquals("[b]", servers(3_000));
    }

    @Test
    public void one_that_has_come_back_meanwhile_has_not_left() {
        departed.leftUnseen(Collections.singletonMap(Incarnation.of("b", 1), 1_000L), () -> members("a", "b"));
        assertEquals("[]", servers(0));
    }

    private String servers(long sinceMs) {
        List<String> ids = new ArrayList<>();
        for (MissingPart part : departed.since(sinceMs)) {
            ids.add(part.server());
        }
        return ids.toString();
    }

    private static Members members(String... ids) {
        List<Member> members = new ArrayList<>();
        for (String id : ids) {
            ServerIdentity identity = new ServerIdentity(id, "http://" + id + ":11000/oozie", "1", "5.2.1", 0);
            members.add(new Member(Incarnation.of(id, 1), identity, ServerState.ACTIVE, 10_000, 0));
        }
        return Members.of(members, Collections.emptyMap());
    }
}
