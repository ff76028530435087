package org.oozieha.sla;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.oozieha.sla.follow.SlaCheck;

/**
 * Records what an SLA lacks, under the lock that stock servers take as well.
 *
 * <p>Guarantee: that of {@link RecordEvents}; with the pack's FencedJPAService nothing is committed once the lock is gone. On failure of
 * the database an IllegalStateException, and nothing is recorded or, in doubt, recorded and told later. Thread-safe.
 */
final class SlaRecorder implements SlaCheck {
    private static final String LOCK = "sla_";
    private static final int TRIES = 3;

    private final Outlet outlet;
    private final LongSupplier clock;
    private final Consumer<RecordEvents.Outgoing> recorded;
    private final AtomicLong events = new AtomicLong();

    /** @param recorded told about each transaction that found its SLA, after the commit */
    SlaRecorder(Outlet outlet, LongSupplier clock, Consumer<RecordEvents.Outgoing> recorded) {
        this.outlet = outlet;
        this.clock = clock;
        this.recorded = recorded;
    }

    @Override
    public Result check(String id) {
        return check(id, 0);
    }

    /** @param waitMs how long to wait for the lock */
    Result check(String id, long waitMs) {
        try {
            LockToken token = Services.get().get(MemoryLocksService.class).getWriteLock(LOCK + id, waitMs);
            if (token == null) {
                return Result.BUSY;
            }
            try {
                return record(id);
            } finally {
                token.release();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Result.BUSY;
        } catch (JPAExecutorException e) {
            throw new IllegalStateException("The SLA of " + id + " could not be recorded: " + e.getMessage(), e);
        }
    }

    private Result record(String id) throws JPAExecutorException {
        for (int i = 0; i < TRIES; i++) {
            RecordEvents.Outgoing outgoing =
                    SlaTables.database().execute(new RecordEvents(id, clock, outlet.server(), outlet.keepsAlerts()));
            if (outgoing.unreadable != null) {
                throw new IllegalStateException(
                        "The SLA of " + id + " cannot be read: " + outgoing.unreadable
                                + "; mend its rows in SLA_SUMMARY and SLA_REGISTRATION, or delete them",
                        outgoing.unreadable);
            }
            if (outgoing == RecordEvents.Outgoing.GONE) {
                return Result.GONE;
            }
            if (outgoing == RecordEvents.Outgoing.MISSING) {
                return Result.MISSING;
            }
            if (outgoing != RecordEvents.Outgoing.OVERTAKEN) {
                events.addAndGet(outgoing.events);
                recorded.accept(outgoing);
                outgoing.alerts.forEach(outlet::send);
                return Result.DONE;
            }
        }
        return Result.BUSY;
    }

    /** Events recorded by this server since its start. */
    long events() {
        return events.get();
    }
}
