package org.oozieha.simulation;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A thread of a simulated server: a real one, but it runs only while the scheduler has handed over to it, and hands back wherever it
 * would wait. So one thread runs at a time, in an order the seed decides.
 */
final class Strand extends Thread {
    /** Real time; longer than any step of a strand takes. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Thread scheduler;
    private final Runnable body;
    private final LongSupplier clock;
    private final BooleanSupplier mayRun;
    private volatile boolean running;
    private long deadline;
    private boolean signalled = true;
    private boolean idle;
    private boolean killed;
    private boolean over;
    private Throwable failure;

    /**
     * @param scheduler hands over and takes back
     * @param clock its server's nanoseconds, by which it waits
     * @param mayRun false while the whole process stands still
     */
    Strand(String name, Thread scheduler, LongSupplier clock, BooleanSupplier mayRun, Runnable body) {
        super(name);
        this.scheduler = scheduler;
        this.clock = clock;
        this.mayRun = mayRun;
        this.body = body;
        setDaemon(true);
        start();
    }

    static Strand current() {
        return (Strand) Thread.currentThread();
    }

    @Override
    public void run() {
        awaitTurn();
        try {
            if (!killed) {
                body.run();
            }
        } catch (Killed end) {
            // as intended
        } catch (Throwable e) {
            failure = e;
        } finally {
            over = true;
            handBack();
        }
    }

    /** Called by the strand: lets time pass, at most this long, less if it is signalled. */
    void await(long nanos) {
        if (killed) {
            throw new Killed();
        }
        deadline = clock.getAsLong() + nanos;
        signalled = false;
        handBack();
        awaitTurn();
        if (killed) {
            throw new Killed();
        }
    }

    void awaitMs(long ms) {
        await(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /** Waits for {@link #nudge}. */
    void idle(long ms) {
        idle = true;
        awaitMs(ms);
        idle = false;
    }

    /** Wakes it if it is idle. */
    void nudge() {
        signalled |= idle;
    }

    void signal() {
        signalled = true;
    }

    boolean isReady() {
        return !over && mayRun.getAsBoolean() && (signalled || clock.getAsLong() - deadline >= 0);
    }

    boolean isOver() {
        return over;
    }

    /** Called by the scheduler: runs it until it waits or ends. */
    void go() {
        running = true;
        LockSupport.unpark(this);
        long began = System.nanoTime();
        while (running) {
            LockSupport.parkNanos(this, STUCK_NANOS);
            if (running && System.nanoTime() - began > STUCK_NANOS) {
                AssertionError stuck = new AssertionError(getName() + " does not hand back");
                stuck.setStackTrace(getStackTrace());
                throw stuck;
            }
        }
        if (failure instanceof Error) {
            throw (Error) failure;
        }
        if (failure != null) {
            throw new IllegalStateException(getName() + " failed", failure);
        }
    }

    /** Called by the scheduler: the process is gone; unwinds the thread without letting it wait again. */
    void kill() {
        killed = true;
        if (!over) {
            go();
        }
    }

    private void handBack() {
        running = false;
        LockSupport.unpark(scheduler);
    }

    private void awaitTurn() {
        while (!running) {
            LockSupport.park(this);
        }
    }

    /** Unwinds a strand whose process is gone. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super(null, null, false, false);
        }
    }
}
