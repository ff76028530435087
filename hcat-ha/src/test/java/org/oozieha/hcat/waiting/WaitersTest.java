package org.oozieha.hcat.waiting;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.hcat.waiting.Dependencies.TABLE;
import static org.oozieha.hcat.waiting.Dependencies.on;
import static org.oozieha.hcat.waiting.Dependencies.partition;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.Test;

public final class WaitersTest {
    private final Waiters waiters = new Waiters();

    @Test
    public void a_partition_reaches_whoever_waits_for_it_also_by_fewer_keys() {
        waiters.add(on("dt", "1"), "C@1");
        waiters.add(on("dt", "1", "country", "us"), "C@2");
        waiters.add(on("dt", "2"), "C@3");
        assertEquals(set("C@1", "C@2"), waiters.came(TABLE, partition("dt", "1", "country", "us", "city", "x")));
        assertEquals(Arrays.asList(on("dt", "1").uri()), waiters.available("C@1"));
        assertEquals(set("C@3"), waiters.waiting(on("dt", "2")));
    }

    @Test
    public void what_a_partition_matches_is_told_and_goes_on_waiting() {
        waiters.add(on("dt", "1"), "C@1");
        waiters.add(on("dt", "1", "country", "us"), "C@2");
        waiters.add(on("dt", "2"), "C@3");
        assertEquals(
                new HashSet<>(Arrays.asList(on("dt", "1"), on("dt", "1", "country", "us"))),
                waiters.matching(TABLE, partition("DT", "1", "country", "us")));
        assertEquals(Collections.emptySet(), waiters.matching(new Table("h2:9083", "db", "t"), partition("dt", "1")));
        assertEquals(set("C@1"), waiters.waiting(on("dt", "1")));
    }

    @Test
    public void a_partition_without_a_key_that_is_waited_for_reaches_nobody() {
        waiters.add(on("dt", "1", "country", "us"), "C@1");
        assertEquals(set(), waiters.came(TABLE, partition("dt", "1")));
    }

    @Test
    public void names_of_databases_tables_and_keys_have_no_case() {
        Table upper = new Table("h1:9083", "DB", "T");
        waiters.add(new Dependency(upper, partition("DT", "a"), "hcat://h1:9083/DB/T/DT=a"), "C@1");
        assertEquals(set("C@1"), waiters.came(TABLE, partition("dt", "a")));
        assertEquals(Arrays.asList("hcat://h1:9083/DB/T/DT=a"), waiters.available("C@1"));
    }

    @Test
    public void an_action_gets_a_partition_once() {
        assertTrue(waiters.add(on("dt", "1"), "C@1"));
        assertFalse(waiters.add(on("dt", "1"), "C@1"));
        assertEquals(set("C@1"), waiters.came(TABLE, partition("dt", "1")));
        assertEquals(set(), waiters.came(TABLE, partition("dt", "1")));
        assertTrue(waiters.take("C@1", waiters.available("C@1")));
        assertFalse(waiters.take("C@1", Arrays.asList(on("dt", "1").uri())));
        assertEquals(set(), waiters.actions());
    }

    @Test
    public void h3_the_end_of_action_12_takes_nothing_from_action_1() {
        waiters.add(on("dt", "1"), "0000001-C@1");
        waiters.add(on("dt", "1"), "0000001-C@12");
        assertEquals(set(TABLE), waiters.forget("0000001-C@12"));
        assertEquals(set("0000001-C@1"), waiters.waiting(on("dt", "1")));
        assertTrue(waiters.isWaitedFor(TABLE));
    }

    @Test
    public void h4_an_action_whose_partition_another_server_handled_is_forgotten_without_a_trace() {
        waiters.add(on("dt", "1"), "C@1");
        waiters.add(on("dt", "2"), "C@1");
        waiters.came(TABLE, partition("dt", "1"));
        waiters.forget("C@1");
        waiters.forget("C@1");
        assertEquals(set(), waiters.actions());
        assertFalse(waiters.isWaitedFor(TABLE));
        assertEquals(Collections.emptyList(), waiters.available("C@1"));
    }

    @Test
    public void what_came_stays_until_it_is_taken_though_the_action_waits_for_nothing_more() {
        waiters.add(on("dt", "1"), "C@1");
        waiters.came(on("dt", "1"));
        waiters.remove("C@1");
        assertEquals(Arrays.asList(on("dt", "1").uri()), waiters.available("C@1"));
    }

    @Test
    public void a_table_itself_is_there_with_its_first_partition() {
        waiters.add(on(), "C@1");
        assertEquals(set("C@1"), waiters.came(TABLE, partition("dt", "1")));
    }

    private static Set<Object> set(Object... elements) {
        return new HashSet<>(Arrays.asList(elements));
    }
}
