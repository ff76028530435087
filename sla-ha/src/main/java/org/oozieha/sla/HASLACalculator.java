package org.oozieha.sla;

import static org.oozieha.sla.SlaTables.millis;

import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.client.event.JobEvent.EventStatus;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.executor.jpa.SLARegistrationQueryExecutor;
import org.apache.oozie.executor.jpa.SLARegistrationQueryExecutor.SLARegQuery;
import org.apache.oozie.executor.jpa.SLASummaryQueryExecutor;
import org.apache.oozie.executor.jpa.SLASummaryQueryExecutor.SLASummaryQuery;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.EventHandlerService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.sla.SLACalcStatus;
import org.apache.oozie.sla.SLACalculator;
import org.apache.oozie.sla.SLARegistrationBean;
import org.apache.oozie.sla.SLASummaryBean;
import org.apache.oozie.sla.service.SLAService;
import org.apache.oozie.util.Pair;
import org.oozieha.service.HaNode;
import org.oozieha.sla.follow.Follower;
import org.oozieha.sla.follow.OpenSla;
import org.oozieha.sla.follow.SlaCheck.Result;
import org.oozieha.sla.rule.Progress;
import org.oozieha.sla.rule.Terms;

/**
 * What Oozie's SLAService asks, answered from the database; {@link HASLAService} installs it.
 *
 * <p>Guarantee: that of {@link HASLAService}. {@link #size}, {@link #iterator} and {@link #clear} are about this server's cache only.
 * Thread-safe after {@link #init}.
 *
 * <p>Source: the contract of Oozie 5.2.1's SLACalculator.
 */
public final class HASLACalculator implements SLACalculator, AutoCloseable {
    private static final long NEWS_WAIT_MS = 20_000;

    private final Definitions definitions = new Definitions(System::currentTimeMillis);
    private final SlaChecks checks = new SlaChecks();
    private HaNode node;
    private Outlet outlet;
    private Follower follower;
    private SlaRecorder recorder;

    @Override
    public void init(Configuration conf) throws ServiceException {
        node = HaNode.current()
                .orElseThrow(() -> new ServiceException(
                        ErrorCode.E0100,
                        HASLACalculator.class.getSimpleName(),
                        "it works in " + HASLAService.class.getName()
                                + " only: name that in oozie.services.ext, and leave " + SLAService.CONF_CALCULATOR_IMPL
                                + " alone"));
        EventHandlerService events = Services.get().get(EventHandlerService.class);
        if (events == null) {
            throw new ServiceException(
                    ErrorCode.E0103,
                    "EventHandlerService",
                    "name org.apache.oozie.service.EventHandlerService before " + HASLAService.class.getName() + " in "
                            + Services.CONF_SERVICE_EXT_CLASSES);
        }
        outlet = new Outlet(node, events, conf);
        follower = new Follower(
                new SlaTables(),
                node.partition()::owns,
                checks,
                System::currentTimeMillis,
                ConfigurationService.getInt(conf, SLAService.CONF_JOB_EVENT_LATENCY),
                node.config().slaSweepIntervalMs(),
                ConfigurationService.getInt(conf, SLAService.CONF_CAPACITY));
        recorder = new SlaRecorder(outlet, System::currentTimeMillis, outgoing -> follower.saw(outgoing.sla));
        checks.of(follower, recorder, outlet::collect, outlet::prune);
        try {
            outlet.listen(conf);
        } catch (Exception e) {
            throw new ServiceException(ErrorCode.E0100, HASLACalculator.class.getSimpleName(), e.getMessage(), e);
        }
        node.cluster().listen(checks);
    }

    @Override
    public int size() {
        return follower.size();
    }

    @Override
    public Iterator<String> iterator() {
        return follower.ids().iterator();
    }

    @Override
    public boolean isEmpty() {
        return follower.size() == 0;
    }

    @Override
    public void clear() {
        follower.clear();
    }

    @Override
    public boolean addRegistration(String id, SLARegistrationBean registration) throws JPAExecutorException {
        definitions.add(registration);
        follower.saw(unstarted(id, registration));
        return true;
    }

    @Override
    public boolean updateRegistration(String id, SLARegistrationBean registration) throws JPAExecutorException {
        definitions.update(registration);
        follower.saw(unstarted(id, registration));
        return true;
    }

    private static OpenSla unstarted(String id, SLARegistrationBean registration) {
        Terms terms = new Terms(
                millis(registration.getExpectedStart()),
                millis(registration.getExpectedEnd()),
                registration.getExpectedDuration());
        return new OpenSla(id, 0, terms, null);
    }

    @Override
    public void removeRegistration(String id) {
        follower.forget(id);
    }

    /** What the arguments say is read from the job's own row, which is written before Oozie tells of it. */
    @Override
    public boolean addJobStatus(String id, String status, EventStatus event, Date start, Date end)
            throws JPAExecutorException, ServiceException {
        if (summary(id) == null) {
            return false;
        }
        Result result;
        try {
            result = recorder.check(
                    id, ConfigurationService.getLong(SLAService.CONF_SLA_CALC_LOCK_TIMEOUT, NEWS_WAIT_MS));
        } catch (IllegalStateException e) {
            checks.checkLater(id);
            throw new ServiceException(ErrorCode.E0603, e.getMessage(), e);
        }
        if (result == Result.BUSY) {
            checks.checkLater(id);
        }
        return true;
    }

    @Override
    public void updateAllSlaStatus() {
        checks.run();
    }

    /** Null if there is none, or nothing is awaited any more. */
    @Override
    public SLACalcStatus get(String id) throws JPAExecutorException {
        SLASummaryBean summary = summary(id);
        if (summary == null || summary.getEventProcessed() >= Progress.OVER) {
            return null;
        }
        return new SLACalcStatus(
                summary, SLARegistrationQueryExecutor.getInstance().get(SLARegQuery.GET_SLA_REG_ON_RESTART, id));
    }

    private static SLASummaryBean summary(String id) throws JPAExecutorException {
        return SLASummaryQueryExecutor.getInstance().get(SLASummaryQuery.GET_SLA_SUMMARY, id);
    }

    @Override
    public boolean enableAlert(List<String> ids) throws JPAExecutorException {
        return alert(ids, true);
    }

    @Override
    public boolean enableChildJobAlert(List<String> parentIds) throws JPAExecutorException {
        return alert(children(parentIds), true);
    }

    @Override
    public boolean disableAlert(List<String> ids) throws JPAExecutorException {
        return alert(ids, false);
    }

    @Override
    public boolean disableChildJobAlert(List<String> parentIds) throws JPAExecutorException {
        return alert(children(parentIds), false);
    }

    private boolean alert(List<String> ids, boolean enabled) throws JPAExecutorException {
        definitions.alert(ids, enabled);
        return !ids.isEmpty();
    }

    private static List<String> children(List<String> parentIds) throws JPAExecutorException {
        List<String> ids = new ArrayList<>();
        for (String parent : parentIds) {
            for (SLARegistrationBean child :
                    SLARegistrationQueryExecutor.getInstance().getList(SLARegQuery.GET_SLA_REG_FOR_PARENT_ID, parent)) {
                ids.add(child.getId());
            }
        }
        return ids;
    }

    @Override
    public boolean changeDefinition(List<Pair<String, Map<String, String>>> changes) throws JPAExecutorException {
        definitions.change(changes);
        return !changes.isEmpty();
    }

    long recorded() {
        return recorder.events();
    }

    long alertsInFlight() {
        return outlet.inFlight();
    }

    @Override
    public void close() {
        if (node != null) {
            node.cluster().unlisten(checks);
        }
        checks.close();
        if (outlet != null) {
            outlet.close();
        }
    }
}
