package org.oozieha.service;

import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.service.CallableQueueService;
import org.apache.oozie.service.Services;
import org.oozieha.takeover.Pickup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A row in flight and the command that continues it, queued on its own and with its own delay; at execution the row must still be the
 * same.
 */
final class CommandPickup implements Pickup {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.takeover");

    private final String id;
    private final Object[] row;
    private final String reread;
    private final LongSupplier delayMs;
    private final Supplier<XCommand<?>> command;

    /** At once; as below. */
    CommandPickup(TableScan.Found found, Supplier<XCommand<?>> command) {
        this(found, () -> 0, command);
    }

    /**
     * @param delayMs asked only if there is a command
     * @param command called only for work of this server; null if there turns out to be nothing to do
     */
    CommandPickup(TableScan.Found found, LongSupplier delayMs, Supplier<XCommand<?>> command) {
        this.id = found.text(0);
        this.row = found.row.clone();
        this.reread = found.reread;
        this.delayMs = delayMs;
        this.command = command;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean queue() {
        XCommand<?> next = command.get();
        if (next == null) {
            return false;
        }
        String state = Integer.toHexString(Arrays.hashCode(row));
        long delay = Math.max(0, delayMs.getAsLong());
        boolean queued = Services.get()
                .get(CallableQueueService.class)
                .queue(new RecoveryCommand(next, id, state, () -> Arrays.equals(row, JobRows.row(reread, id))), delay);
        if (queued) {
            LOG.info("{}Picked up: command={} delay_ms={}", RecoveryLog.prefix(id), next.getName(), delay);
        }
        return queued;
    }
}
