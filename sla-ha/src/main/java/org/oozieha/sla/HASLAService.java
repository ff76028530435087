package org.oozieha.sla;

import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.sla.service.SLAService;
import org.apache.oozie.util.Instrumentable;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.service.HaNode;

/**
 * SLAs of all servers, followed by all servers; in {@code oozie.services.ext} it takes the place of Oozie's SLAService, after
 * EventHandlerService.
 *
 * <p>Guarantee: every registration is stored; each START, DURATION and END, met or missed, is recorded once, also when the server that
 * registered it is gone; its alert is handed to the listeners at least once. A miss is recorded within job.event.latency + check.interval
 * + the takeover bound after it was due. Changes of definitions and of alerts hold on all servers.
 *
 * <p>On failure of the database or ZooKeeper nothing is recorded meanwhile, and all of it afterwards. An alert that a listener could not
 * pass on (its mail server is down) counts as told: listeners log that and do not say it. Thread-safe after init.
 *
 * <p>Source: Oozie 5.2.1's SLAService, of which each server follows what it registered itself.
 */
public final class HASLAService extends SLAService implements Instrumentable {
    private static final String METRICS = "ha";

    private HaNode node;
    private HASLACalculator calculator;

    @Override
    public void init(Services services) throws ServiceException {
        node = HaNode.of(services);
        Configuration conf = services.getConf();
        conf.setClass(CONF_CALCULATOR_IMPL, HASLACalculator.class, org.apache.oozie.sla.SLACalculator.class);
        boolean up = false;
        try {
            super.init(services);
            up = true;
        } finally {
            if (getSLACalculator() instanceof HASLACalculator) {
                calculator = (HASLACalculator) getSLACalculator();
            }
            if (!up) {
                close();
            }
        }
    }

    @Override
    public Class<? extends Service> getInterface() {
        return SLAService.class;
    }

    @Override
    public void instrument(Instrumentation instrumentation) {
        variable(instrumentation, "sla.followed", () -> calculator.size());
        variable(instrumentation, "sla.recorded", calculator::recorded);
        variable(instrumentation, "sla.alerts.in_flight", calculator::alertsInFlight);
    }

    private static void variable(Instrumentation instrumentation, String name, LongSupplier value) {
        instrumentation.addVariable(METRICS, name, (Instrumentation.Variable<Long>) value::getAsLong);
    }

    private void close() {
        if (calculator != null) {
            calculator.close();
        }
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        close();
        super.destroy();
    }
}
