package org.oozieha.hcat.topic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A broker in memory that can be down, refuse topics, and drop its connections, also unheard. */
final class ScriptedBroker implements Broker<String> {
    final Map<String, String> listeners = new HashMap<>();
    final Set<String> refused = new HashSet<>();
    final List<String> history = new ArrayList<>();
    boolean down;
    boolean keepsMessages;
    boolean nextConnectionIsDead;
    int attempts;
    private Runnable lost;

    @Override
    public Connection<String> connect(Runnable whenLost) throws IOException {
        attempts++;
        if (down) {
            throw new IOException("refused");
        }
        lost = whenLost;
        boolean dead = nextConnectionIsDead;
        nextConnectionIsDead = false;
        return new Connection<String>() {
            @Override
            public void subscribe(String topic, String handler) throws IOException {
                if (dead || refused.contains(topic)) {
                    throw new IOException("no session for " + topic);
                }
                listeners.put(topic, handler);
                history.add("+" + topic);
            }

            @Override
            public void leave(String topic) throws IOException {
                if (refused.contains(topic)) {
                    throw new IOException("no session for " + topic);
                }
                listeners.remove(topic);
                history.add("-" + topic);
            }

            @Override
            public void close() {
                listeners.clear();
            }
        };
    }

    @Override
    public boolean keepsMessages() {
        return keepsMessages;
    }

    void stop() {
        down = true;
        listeners.clear();
        lost.run();
    }
}
