package org.oozieha.it.mini;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.client.event.SLAEvent;
import org.apache.oozie.sla.listener.SLAEventListener;

/** A listener to SLA events that writes down what it is told: {@code <id> <event>}. */
public final class Ear extends SLAEventListener {
    static final List<String> HEARD = new CopyOnWriteArrayList<>();
    /** What to do before that. */
    static volatile Runnable first = () -> {};

    @Override
    public void init(Configuration conf) {}

    @Override
    public void destroy() {}

    private static void hear(SLAEvent event) {
        first.run();
        HEARD.add(event.getId() + " " + event.getEventStatus());
    }

    @Override
    public void onStartMet(SLAEvent event) {
        hear(event);
    }

    @Override
    public void onStartMiss(SLAEvent event) {
        hear(event);
    }

    @Override
    public void onEndMet(SLAEvent event) {
        hear(event);
    }

    @Override
    public void onEndMiss(SLAEvent event) {
        hear(event);
    }

    @Override
    public void onDurationMet(SLAEvent event) {
        hear(event);
    }

    @Override
    public void onDurationMiss(SLAEvent event) {
        hear(event);
    }
}
