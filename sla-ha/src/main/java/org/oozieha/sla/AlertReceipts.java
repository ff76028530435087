package org.oozieha.sla;

import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.client.event.SLAEvent;
import org.apache.oozie.sla.listener.SLAEventListener;
import org.oozieha.sla.alert.Outbox;

/** Oozie's last listener to SLA events: once it is told of an alert, all others were. Thread-safe. */
final class AlertReceipts extends SLAEventListener {
    private final Outbox outbox;

    AlertReceipts(Outbox outbox) {
        this.outbox = outbox;
    }

    private void told(SLAEvent event) {
        if (event instanceof QueuedAlert) {
            outbox.delivered(((QueuedAlert) event).key());
        }
    }

    @Override
    public void init(Configuration conf) {}

    @Override
    public void destroy() {}

    @Override
    public void onStartMet(SLAEvent event) {
        told(event);
    }

    @Override
    public void onStartMiss(SLAEvent event) {
        told(event);
    }

    @Override
    public void onEndMet(SLAEvent event) {
        told(event);
    }

    @Override
    public void onEndMiss(SLAEvent event) {
        told(event);
    }

    @Override
    public void onDurationMet(SLAEvent event) {
        told(event);
    }

    @Override
    public void onDurationMiss(SLAEvent event) {
        told(event);
    }
}
