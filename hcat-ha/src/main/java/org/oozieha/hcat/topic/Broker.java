package org.oozieha.hcat.topic;

/**
 * A message broker.
 *
 * @param <H> what handles the messages of a topic
 */
public interface Broker<H> {
    /**
     * Opens a connection. May wait.
     *
     * @param lost run on any thread once the connection is found broken
     */
    Connection<H> connect(Runnable lost) throws Exception;

    /** Whether it keeps the messages of a topic for a listener that is away, until the topic is left. */
    boolean keepsMessages();

    /** An open connection. Used by one thread at a time; closing it ends its subscriptions. */
    interface Connection<H> {
        void subscribe(String topic, H handler) throws Exception;

        /** Ends the subscription, and what the broker keeps for it, also where an earlier connection began it. */
        void leave(String topic) throws Exception;

        void close();
    }
}
