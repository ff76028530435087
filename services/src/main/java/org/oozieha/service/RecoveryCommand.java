package org.oozieha.service;

import java.util.function.BooleanSupplier;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.CallableQueueService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.XCallable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of Oozie's commands, run only if what it continues is still as it was found.
 *
 * <p>Guarantee: the state is read again under the lock of the command's entity, so of several servers that picked up the same work one
 * does it. While somebody else holds the lock no thread waits for it: the command goes back to the queue, for a bounded time; then
 * whoever held the lock has moved the work on, or a later recovery finds it.
 *
 * <p>Equal commands in one queue are one: the key is that of the command, the row and its state. Source: XCallable's contract in Oozie 5.2.1.
 */
final class RecoveryCommand implements XCallable<Void> {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.takeover");
    private static final long LOCK_WAIT_MS = 250;
    private static final long AGAIN_MS = 1_000;
    private static final int ATTEMPTS = 120;

    private final XCommand<?> command;
    private final String id;
    private final String state;
    private final BooleanSupplier unchanged;
    private final long createdTime = System.currentTimeMillis();
    private int attempts;

    /**
     * @param id of the row, for the key and the log
     * @param state of the row as it was found: another state is other work, which an older command in the queue would not do
     */
    RecoveryCommand(XCommand<?> command, String id, String state, BooleanSupplier unchanged) {
        this.command = command;
        this.id = id;
        this.state = state;
        this.unchanged = unchanged;
    }

    @Override
    public Void call() throws Exception {
        Services services = Services.get();
        String entity = command.getEntityKey();
        if (entity == null) {
            callIfUnchanged();
            return null;
        }
        LockToken lock = services.get(MemoryLocksService.class).getWriteLock(entity, LOCK_WAIT_MS);
        if (lock == null) {
            tryAgainLater(services);
            return null;
        }
        try {
            callIfUnchanged();
        } finally {
            lock.release();
        }
        return null;
    }

    private void callIfUnchanged() throws Exception {
        if (unchanged.getAsBoolean()) {
            command.call();
        } else {
            LOG.debug("{}Not needed any more: command={}", RecoveryLog.prefix(id), command.getName());
        }
    }

    private void tryAgainLater(Services services) {
        if (++attempts < ATTEMPTS) {
            services.get(CallableQueueService.class).queue(this, AGAIN_MS);
        } else {
            LOG.info("{}Left to whoever holds the lock: command={}", RecoveryLog.prefix(id), command.getName());
        }
    }

    @Override
    public String getName() {
        return command.getName();
    }

    /** The highest Oozie's queue knows: this work has waited for a dead server's session to end already. */
    @Override
    public int getPriority() {
        return CallableQueueService.PRIORITIES - 1;
    }

    /** The command's own, so that Oozie's limits per type of command hold. */
    @Override
    public String getType() {
        return command.getType();
    }

    @Override
    public long getCreatedTime() {
        return createdTime;
    }

    @Override
    public String getKey() {
        return "ha.recover_" + command.getName() + "_" + id + "_" + state;
    }

    @Override
    public String getEntityKey() {
        return command.getEntityKey();
    }

    @Override
    public void setInterruptMode(boolean mode) {
        command.setInterruptMode(mode);
    }

    @Override
    public boolean inInterruptMode() {
        return command.inInterruptMode();
    }

    @Override
    public String toString() {
        return getKey();
    }
}
