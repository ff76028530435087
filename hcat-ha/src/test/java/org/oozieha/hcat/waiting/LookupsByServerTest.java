package org.oozieha.hcat.waiting;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.oozieha.hcat.testing.ManualTimer;

public final class LookupsByServerTest {
    private static final String DEAD = "h1:9083";
    private static final String ALIVE = "h2:9083";

    private final ManualTimer timer = new ManualTimer();
    private final List<String> asked = new ArrayList<>();
    private final List<String> found = new ArrayList<>();
    private final LookupsByServer lookups =
            new LookupsByServer(() -> new Lookups(this::has, d -> true, d -> found.add(d.uri()), timer, 50));

    private boolean has(Dependency dependency) throws IOException {
        asked.add(dependency.uri());
        if (dependency.table().server().equals(DEAD)) {
            throw new IOException("no answer");
        }
        return true;
    }

    private static Dependency at(String server, int number) {
        return new Dependency(
                new Table(server, "db", "t"),
                Dependencies.partition("dt", Integer.toString(number)),
                "hcat://" + server + "/db/t/dt=" + number);
    }

    private static List<Dependency> manyAtTheDeadOne() {
        List<Dependency> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(at(DEAD, i));
        }
        return many;
    }

    @Test
    public void a_dead_metastore_with_many_lookups_holds_up_no_other() {
        lookups.submit(manyAtTheDeadOne());
        lookups.submit(Collections.singleton(at(ALIVE, 1)));
        timer.advance(TimeUnit.SECONDS.toMillis(5));
        assertEquals(Arrays.asList(at(ALIVE, 1).uri()), found);
    }

    @Test
    public void a_dead_metastore_that_paused_for_hours_holds_up_no_other() {
        lookups.submit(manyAtTheDeadOne());
        timer.advance(TimeUnit.HOURS.toMillis(3));
        lookups.submit(Collections.singleton(at(ALIVE, 1)));
        timer.run();
        assertEquals(Arrays.asList(at(ALIVE, 1).uri()), found);
    }

    @Test
    public void one_call_may_name_several_metastores() {
        lookups.submit(Arrays.asList(at(DEAD, 1), at(ALIVE, 1), at(ALIVE, 2)));
        timer.advance(TimeUnit.SECONDS.toMillis(5));
        assertEquals(Arrays.asList(at(ALIVE, 1).uri(), at(ALIVE, 2).uri()), found);
    }

    @Test
    public void nothing_is_looked_up_after_the_end() {
        lookups.submit(Collections.singleton(at(DEAD, 1)));
        lookups.close();
        lookups.submit(Arrays.asList(at(DEAD, 2), at(ALIVE, 1)));
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(Collections.emptyList(), asked);
    }
}
