package org.oozieha.service;

import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.LockQueue.Mode;
import org.oozieha.lock.LockTable;

/**
 * Job locks that hold over all servers; in {@code oozie.services.ext} it takes the place of Oozie's MemoryLocksService.
 *
 * <p>Guarantee: that of {@link LockTable}, and mutual exclusion with servers that run stock Oozie's own ZKLocksService. A lock that was
 * not obtained is {@code null}; waits are in milliseconds, 0 tries, negative has no end. On failure: while ZooKeeper is away locks are
 * not obtained, and callers try again later as they do for a busy lock. Thread-safe.
 *
 * <p>Source: the contract of Oozie 5.2.1's XCommand with MemoryLocksService.
 */
public final class ZKLocksService extends MemoryLocksService {
    private static final String GROUP = "ha";

    private HaNode node;
    private ScheduledThreadPoolExecutor timer;
    private LockTable table;
    private ClusterListener drainListener;
    private volatile Instrumentation instrumentation;

    @Override
    public void init(Services services) throws ServiceException {
        super.init(services);
        node = HaNode.of(services);
        timer = new ScheduledThreadPoolExecutor(1, ZKLocksService::timerThread);
        table = new LockTable(
                node.locks(),
                node.cluster().lease(),
                timer,
                System::nanoTime,
                node.config().lockLingerMs());
        drainListener = table.drainListener(node.cluster().self().id());
        node.cluster().listen(drainListener);
    }

    private static Thread timerThread(Runnable task) {
        Thread thread = new Thread(task, "oozie-ha-lock-linger");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Class<? extends Service> getInterface() {
        return MemoryLocksService.class;
    }

    /** The table behind this service: tokens of a thread, vetoes, lingering. */
    public LockTable locks() {
        return table;
    }

    @Override
    public void instrument(Instrumentation instr) {
        instrumentation = instr;
        variable(instr, INSTRUMENTATION_GROUP, "locks", table::size);
        variable(instr, GROUP, "locks.held", table::held);
        variable(instr, GROUP, "locks.waiting", table::waiting);
        variable(instr, GROUP, "locks.lingering", table::lingering);
        variable(instr, GROUP, "locks.lost", table::lost);
    }

    private static void variable(Instrumentation instr, String group, String name, LongSupplier value) {
        instr.addVariable(group, name, (Instrumentation.Variable<Long>) value::getAsLong);
    }

    @Override
    public LockToken getReadLock(String resource, long wait) throws InterruptedException {
        return acquire(resource, Mode.READ, wait);
    }

    @Override
    public LockToken getWriteLock(String resource, long wait) throws InterruptedException {
        return acquire(resource, Mode.WRITE, wait);
    }

    private LockToken acquire(String resource, Mode mode, long wait) throws InterruptedException {
        Instrumentation.Cron cron = new Instrumentation.Cron();
        cron.start();
        Optional<org.oozieha.lock.LockToken> token = table.acquire(resource, mode, wait);
        cron.stop();
        Instrumentation instr = instrumentation;
        if (instr != null) {
            instr.addCron(GROUP, "locks.acquire", cron);
        }
        return token.<LockToken>map(t -> t::release).orElse(null);
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        if (table != null) {
            node.cluster().unlisten(drainListener);
            table.dropLingering();
            table.close();
        }
        if (timer != null) {
            timer.shutdownNow();
        }
        super.destroy();
    }
}
