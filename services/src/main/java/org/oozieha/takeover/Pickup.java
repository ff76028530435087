package org.oozieha.takeover;

/**
 * One piece of work found in flight.
 *
 * <p>Guarantee: it may be queued though it is not needed, or twice: what is queued looks again before it does anything.
 */
public interface Pickup {
    /** The job it belongs to, or an action of it: decides who owns it. */
    String id();

    /** Queues what continues the work. False if there turned out to be nothing to do. */
    boolean queue();
}
