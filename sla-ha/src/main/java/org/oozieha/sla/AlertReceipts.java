package org.oozieha.sla;

import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.client.event.SLAEvent;
import org.apache.oozie.sla.listener.SLAEventListener;

/** Oozie's last listener to SLA events: once it is told of an alert, all others were. Thread-safe. */
final class AlertReceipts extends SLAEventListener {
    private static void told(SLAEvent event) {
        if (event instanceof QueuedAlert) {
            ((QueuedAlert) event).told();
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
