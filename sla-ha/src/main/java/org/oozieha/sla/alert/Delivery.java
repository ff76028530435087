package org.oozieha.sla.alert;

import java.util.function.Predicate;
import org.oozieha.cluster.Incarnation;

/**
 * One way of an alert through the queue to this server's listeners.
 *
 * <p>Guarantee: of all deliveries of an alert on this server one at a time is with the listeners; the others, older ones too that are still
 * in a queue, do not {@link #begin}. On failure, when the queue or its thread loses it, the {@link Outbox} makes another one. Thread-safe.
 */
public final class Delivery {
    /** How long what is in no queue any more may wait for those before it, and after that a listener for its mail server. */
    static final long PATIENCE_MS = 120_000;

    private enum State {
        QUEUED,
        BEGUN,
        TOLD,
        LOST
    }

    private final Outbox outbox;
    private final Alert alert;
    private final Incarnation incarnation;
    private State state = State.QUEUED;
    /** When it was out of the queue, or has begun; null before. */
    private Long since;

    private Thread teller;
    private boolean reported;

    /** @param incarnation while its lease is valid no other server delivers the alert */
    Delivery(Outbox outbox, Alert alert, Incarnation incarnation) {
        this.outbox = outbox;
        this.alert = alert;
        this.incarnation = incarnation;
    }

    public Alert alert() {
        return alert;
    }

    /**
     * Whether the listeners may be told now, by this thread: nobody else has or can have claimed it. Once it has begun the answer stays true.
     * After a false the queue drops it.
     */
    public boolean begin() {
        return hasBegun() || outbox.begin(this);
    }

    /** The listeners were told. */
    public void delivered() {
        outbox.delivered(this);
    }

    String key() {
        return alert.key();
    }

    Incarnation incarnation() {
        return incarnation;
    }

    private synchronized boolean hasBegun() {
        return state == State.BEGUN || state == State.TOLD;
    }

    /** False if it was lost meanwhile. */
    synchronized boolean begun(long now) {
        if (state != State.QUEUED) {
            return false;
        }
        state = State.BEGUN;
        since = now;
        teller = Thread.currentThread();
        return true;
    }

    synchronized Thread teller() {
        return teller;
    }

    /** True once. */
    synchronized boolean isToBeReported() {
        boolean first = !reported;
        reported = true;
        return first;
    }

    synchronized void told() {
        state = State.TOLD;
    }

    synchronized boolean isTold() {
        return state == State.TOLD;
    }

    /**
     * Whether the listeners will not be told of it any more; if so, it cannot begin.
     *
     * @param queueIsEmpty whether the queue is: what was put into it before was taken out of it, or dropped
     * @param telling whether the thread that has begun it is still with the listeners; is asked once it has taken long
     */
    synchronized boolean isLost(boolean queueIsEmpty, long now, Predicate<Delivery> telling) {
        if (since == null && queueIsEmpty) {
            since = now;
        }
        boolean open = state == State.QUEUED || state == State.BEGUN;
        if (open && since != null && now - since > PATIENCE_MS && (state == State.QUEUED || !telling.test(this))) {
            state = State.LOST;
        }
        return state == State.LOST;
    }
}
