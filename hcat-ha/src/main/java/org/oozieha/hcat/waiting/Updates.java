package org.oozieha.hcat.waiting;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.oozieha.takeover.TaskTimer;

/**
 * Has those actions updated for which partitions came: the message comes only once.
 *
 * <p>Guarantee: an update is submitted at once, and again with growing pauses and no end until what came was taken or the action is
 * forgotten, also if it was refused or failed. Thread-safe; never blocks.
 */
public final class Updates {
    private static final long FIRST_PAUSE_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 60_000;

    private final Waiters waiters;
    private final Consumer<String> submit;
    private final TaskTimer timer;
    private final Set<String> pending = new HashSet<>();

    /** @param submit takes an action's id; more often than once is as good as once */
    public Updates(Waiters waiters, Consumer<String> submit, TaskTimer timer) {
        this.waiters = waiters;
        this.submit = submit;
        this.timer = timer;
    }

    /** Something came for the action. */
    public void request(String action) {
        if (isNew(action)) {
            later(action, new Pauses(FIRST_PAUSE_MS, LONGEST_PAUSE_MS));
        }
        submit.accept(action);
    }

    private synchronized boolean isNew(String action) {
        return pending.add(action);
    }

    private void later(String action, Pauses pauses) {
        timer.after(pauses.next(), () -> {
            if (!taken(action)) {
                later(action, pauses);
                submit.accept(action);
            }
        });
    }

    private synchronized boolean taken(String action) {
        boolean taken = waiters.available(action).isEmpty();
        if (taken) {
            pending.remove(action);
        }
        return taken;
    }
}
