package org.oozieha.hcat.waiting;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.oozieha.hcat.waiting.Dependencies.on;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.oozieha.hcat.testing.ManualTimer;

public final class LookupsTest {
    private final ManualTimer timer = new ManualTimer();
    private final List<String> asked = new ArrayList<>();
    private final List<String> found = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private final Set<String> unwanted = new HashSet<>();
    private boolean down;
    private boolean incomplete;
    private final Lookups lookups =
            new Lookups(this::has, d -> !unwanted.contains(d.uri()), d -> found.add(d.uri()), timer, 2);

    private boolean has(Dependency dependency) throws IOException {
        asked.add(dependency.uri());
        if (incomplete) {
            throw new NoClassDefFoundError("a class of Hive's");
        }
        if (down || broken.contains(dependency.uri())) {
            throw new IOException("no answer");
        }
        return dependency.equals(on("dt", "1"));
    }

    @Test
    public void what_is_submitted_is_looked_up_once_and_found_only_if_it_is_there() {
        lookups.submit(Arrays.asList(on("dt", "1"), on("dt", "2"), on("dt", "3"), on("dt", "1")));
        timer.run();
        assertEquals(3, asked.size());
        assertEquals(Arrays.asList(on("dt", "1").uri()), found);
        assertEquals(0, lookups.pending());
    }

    @Test
    public void nobody_asks_for_what_nobody_waits_for_any_more() {
        unwanted.add(on("dt", "1").uri());
        lookups.submit(Collections.singleton(on("dt", "1")));
        timer.run();
        assertEquals(Collections.emptyList(), asked);
    }

    @Test
    public void after_hours_without_a_metastore_everything_is_found_within_a_minute_of_its_return() {
        down = true;
        lookups.submit(Arrays.asList(on("dt", "1"), on("dt", "2"), on("dt", "3"), on("dt", "4")));
        timer.advance(TimeUnit.HOURS.toMillis(12));
        assertTrue(asked.size() + " questions in 12 hours", asked.size() < 12 * 60 * 4);
        down = false;
        timer.advance(TimeUnit.MINUTES.toMillis(1));
        assertEquals(Arrays.asList(on("dt", "1").uri()), found);
        assertEquals(0, lookups.pending());
    }

    @Test
    public void one_that_always_fails_holds_up_no_other() {
        broken.add(on("dt", "0").uri());
        lookups.submit(Arrays.asList(on("dt", "0"), on("dt", "2"), on("dt", "3"), on("dt", "1")));
        timer.run();
        assertEquals(Arrays.asList(on("dt", "1").uri()), found);
        assertEquals(1, lookups.pending());
    }

    @Test
    public void an_error_of_the_client_ends_no_lookup() {
        incomplete = true;
        lookups.submit(Arrays.asList(on("dt", "1"), on("dt", "2")));
        timer.run();
        assertEquals(2, lookups.pending());
        incomplete = false;
        timer.advance(TimeUnit.MINUTES.toMillis(1));
        assertEquals(Arrays.asList(on("dt", "1").uri()), found);
        assertEquals(0, lookups.pending());
    }
}
