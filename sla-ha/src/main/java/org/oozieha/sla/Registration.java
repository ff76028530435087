package org.oozieha.sla;

import static org.oozieha.sla.SlaTables.date;
import static org.oozieha.sla.SlaTables.millis;

import javax.persistence.EntityManager;
import org.apache.oozie.AppType;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.sla.SLARegistrationBean;
import org.oozieha.sla.rule.Progress;

/** What was registered for a job, as its alerts need it: from both of Oozie's SLA tables. */
final class Registration {
    private static final String SELECT = "select r.notificationMsg, r.upstreamApps, r.slaConfig, r.jobData"
            + " from SLARegistrationBean r where r.jobId = :id";

    private final SLARegistrationBean bean;

    private Registration(SLARegistrationBean bean) {
        this.bean = bean;
    }

    /** @param summary the row as {@link RecordEvents} reads it */
    static Registration read(EntityManager entities, String id, Object[] summary) {
        SLARegistrationBean bean = new SLARegistrationBean();
        bean.setId(id);
        bean.setExpectedStart(date(millis(summary[7])));
        bean.setExpectedEnd(date(millis(summary[8])));
        bean.setExpectedDuration(((Number) summary[9]).longValue());
        bean.setNominalTime(date(millis(summary[11])));
        bean.setAppType(AppType.valueOf((String) summary[12]));
        bean.setAppName((String) summary[13]);
        bean.setUser((String) summary[14]);
        bean.setParentId((String) summary[15]);
        JobTables.row(entities, SELECT, id).ifPresent(row -> {
            bean.setNotificationMsg((String) row[0]);
            bean.setUpstreamApps((String) row[1]);
            if (row[2] != null) {
                bean.setSlaConfig((String) row[2]);
            }
            bean.setJobData((String) row[3]);
        });
        return new Registration(bean);
    }

    boolean isAlerting() {
        return !bean.getSLAConfigMap().containsKey(OozieClient.SLA_DISABLE_ALERT);
    }

    QueuedAlert alert(String key, String server, Progress event) {
        return QueuedAlert.of(key, server, bean, event);
    }
}
