package org.oozieha.sla;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.sla.follow.Follower;
import org.oozieha.sla.follow.OpenSla;
import org.oozieha.sla.follow.SlaCheck;
import org.oozieha.sla.follow.SlaRows;
import org.oozieha.sla.rule.Terms;

public final class SlaChecksTest {
    private static final long NOW = 1_700_000_000_000L;

    private final SlaChecks checks = new SlaChecks();
    private final List<String> checked = new ArrayList<>();
    private final List<String> rows = new ArrayList<>();
    private final AtomicInteger sweeps = new AtomicInteger();
    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile boolean away;

    private final SlaCheck check = id -> {
        checked.add(id);
        rows.remove(id);
        return SlaCheck.Result.DONE;
    };

    @After
    public void close() {
        checks.close();
    }

    @Test
    public void while_the_table_of_alerts_is_broken_slas_are_checked() {
        checks.of(follower(), check, SlaChecksTest::broken, SlaChecksTest::broken);
        rows.add("due");
        checks.run();
        assertEquals(Collections.singletonList("due"), checked);
        checks.checkLater("told");
        checks.run();
        assertTrue(checked.toString(), checked.contains("told"));
    }

    @Test
    public void an_error_of_the_virtual_machine_ends_no_run() {
        Runnable incomplete = () -> {
            throw new NoClassDefFoundError("of a driver");
        };
        checks.of(follower(), check, incomplete, incomplete);
        rows.add("due");
        checks.run();
        assertEquals(Collections.singletonList("due"), checked);
    }

    @Test
    public void a_sweep_that_failed_is_made_up_for_by_the_next_run() throws Exception {
        checks.of(follower(), check, () -> {}, () -> {});
        checks.run();
        checks.run();
        assertEquals("the first run is a sweep, the second is none", 1, sweeps.get());
        away = true;
        checks.leaseValid(Incarnation.of("one", 2));
        assertTrue("the lease brings one", failed.await(60, TimeUnit.SECONDS));
        // waits for that one
        checks.run();
        away = false;
        rows.add("unseen");
        checks.run();
        assertEquals(Collections.singletonList("unseen"), checked);
    }

    @Test
    public void news_of_a_job_that_could_not_be_checked_are_checked_by_the_next_run() {
        checks.of(follower(), check, () -> {}, () -> {});
        checks.run();
        checks.checkLater("vetoed");
        assertEquals("not on the thread that tells", Collections.emptyList(), checked);
        checks.run();
        checks.run();
        assertEquals(Collections.singletonList("vetoed"), checked);
    }

    @Test
    public void a_stop_ends_a_run_whose_checks_have_not_begun() throws Exception {
        CountDownLatch begun = new CountDownLatch(3);
        CountDownLatch goOn = new CountDownLatch(1);
        SlaCheck slow = id -> {
            begun.countDown();
            boolean interrupted = true;
            while (interrupted) {
                try {
                    goOn.await(60, TimeUnit.SECONDS);
                    interrupted = false;
                } catch (InterruptedException goesOn) {
                    // as a database driver does
                }
            }
            return SlaCheck.Result.DONE;
        };
        checks.of(follower(), slow, () -> {}, () -> {});
        for (int i = 0; i < 10; i++) {
            rows.add("sla-" + i);
        }
        Thread scheduler = new Thread(checks::run);
        scheduler.start();
        assertTrue(begun.await(60, TimeUnit.SECONDS));
        checks.close();
        goOn.countDown();
        scheduler.join(60_000);
        assertFalse(scheduler.isAlive());
    }

    @Test
    public void delivered_alerts_are_deleted_while_the_cluster_stays_as_it_is() {
        AtomicInteger pruned = new AtomicInteger();
        checks.of(follower(), check, () -> {}, pruned::incrementAndGet);
        checks.run();
        assertEquals(1, pruned.get());
        checks.run();
        assertEquals(2, pruned.get());
        assertEquals("only the first was a sweep", 1, sweeps.get());
    }

    private static void broken() {
        throw new IllegalStateException("broken");
    }

    private Follower follower() {
        return new Follower(new Table(), id -> true, checks, () -> NOW, 0, 600_000, 100);
    }

    /** All due an hour ago. */
    private final class Table implements SlaRows {
        @Override
        public List<OpenSla> open(String after, int limit) {
            sweeps.incrementAndGet();
            if (away) {
                failed.countDown();
                throw new IllegalStateException("away");
            }
            List<OpenSla> open = new ArrayList<>();
            for (String id : rows) {
                if (id.compareTo(after) > 0) {
                    open.add(new OpenSla(id, 3, new Terms(null, NOW - 3_600_000, Terms.NO_DURATION), null));
                }
            }
            return open;
        }

        @Override
        public List<OpenSla> changed(long sinceMs, String after, int limit) {
            return Collections.emptyList();
        }

        @Override
        public List<String> behind(Kind kind, String after, int limit) {
            return Collections.emptyList();
        }
    }
}
