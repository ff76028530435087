package org.oozieha.it.mini;

import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.Instrumentation;

/** What Oozie's operators and its shutdown ask of the locks service. */
public final class LocksServiceTest extends HaServicesTestCase {
    private static final String JOB = "0000001-260101000000000-oozie-test-W";

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private Services services;
    private MemoryLocksService locks;
    private Instrumentation metrics;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        services = boot(Collections.singletonList(LOCKS), "oozie.ha.lock.linger.ms", "60000");
        locks = services.get(MemoryLocksService.class);
        metrics = new Instrumentation();
        locks.instrument(metrics);
    }

    @Override
    protected void tearDown() throws Exception {
        other.shutdownNow();
        super.tearDown();
    }

    public void test_the_metrics_follow_the_locks() throws Exception {
        LockToken held = locks.getWriteLock(JOB, 5_000);
        assertEquals(1L, variable("ha", "locks.held"));
        assertEquals(1L, variable("locks", "locks"));
        Future<LockToken> waiting = other.submit(() -> locks.getWriteLock(JOB, 10_000));
        eventually("waiting", 1L, () -> variable("ha", "locks.waiting"));
        held.release();
        LockToken next = waiting.get(15, TimeUnit.SECONDS);
        assertNotNull(next);
        other.submit(next::release).get(5, TimeUnit.SECONDS);
        assertEquals(0L, variable("ha", "locks.held"));
        assertEquals(0L, variable("ha", "locks.waiting"));
        assertEquals(1L, variable("ha", "locks.lingering"));
        assertEquals(0L, variable("ha", "locks.lost"));
        assertEquals(
                2L,
                metrics.getTimers().get("ha").get("locks.acquire").getValue().getTicks());
    }

    private long variable(String group, String name) {
        Map<String, ?> variables = metrics.getVariables().get(group);
        return ((Number) ((Instrumentation.Element<?>) variables.get(name)).getValue()).longValue();
    }

    public void test_the_end_of_the_services_ends_a_wait_without_the_lock() throws Exception {
        assertNotNull(locks.getWriteLock(JOB, 5_000));
        Future<LockToken> waiting = other.submit(() -> locks.getWriteLock(JOB, -1));
        eventually("waiting", 1L, () -> variable("ha", "locks.waiting"));
        services.destroy();
        assertNull(waiting.get(15, TimeUnit.SECONDS));
        assertNull("nothing is granted afterwards", locks.getWriteLock("other", 1_000));
        assertNothingIsLeft();
    }

    public void test_an_interrupted_wait_is_told_as_stock_does() throws Exception {
        assertNotNull(locks.getWriteLock(JOB, 5_000));
        Thread[] waiter = new Thread[1];
        Future<LockToken> waiting = other.submit(() -> {
            waiter[0] = Thread.currentThread();
            return locks.getWriteLock(JOB, 10_000);
        });
        eventually("waiting", 1L, () -> variable("ha", "locks.waiting"));
        waiter[0].interrupt();
        try {
            waiting.get(15, TimeUnit.SECONDS);
            fail("not interrupted");
        } catch (ExecutionException interrupted) {
            assertTrue(interrupted.getCause() instanceof InterruptedException);
        }
    }
}
