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

    /** An open connection. Used by one thread at a time; closing it ends its subscriptions. */
    interface Connection<H> {
        /** Ends the subscription when run. */
        Runnable subscribe(String topic, H handler) throws Exception;

        void close();
    }
}
