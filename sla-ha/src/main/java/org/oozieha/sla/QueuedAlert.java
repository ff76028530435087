package org.oozieha.sla;

import static org.oozieha.sla.SlaTables.date;
import static org.oozieha.sla.SlaTables.millis;

import java.util.Date;
import org.apache.oozie.AppType;
import org.apache.oozie.client.event.Event.MessageType;
import org.apache.oozie.client.event.SLAEvent;
import org.apache.oozie.sla.SLACalcStatus;
import org.apache.oozie.sla.SLARegistrationBean;
import org.json.simple.JSONObject;
import org.json.simple.JSONValue;
import org.oozieha.sla.alert.Alert;
import org.oozieha.sla.alert.Delivery;
import org.oozieha.sla.rule.Progress;

/**
 * An alert as Oozie's event queue and listeners take it.
 *
 * <p>Its payload holds all that listeners can ask for, so it is the same after a change of the definition, and on another server. Once
 * another server may have claimed it, or another delivery was made of it, it has no message type: Oozie's queue then tells no listener.
 */
final class QueuedAlert extends SLACalcStatus {
    private final String key;
    private final String server;
    private Delivery delivery;

    private QueuedAlert(String key, String server, SLARegistrationBean registration) {
        super(registration);
        this.key = key;
        this.server = server;
    }

    /** @param server the incarnation that is to deliver it */
    static QueuedAlert of(String key, String server, SLARegistrationBean registration, Progress event) {
        QueuedAlert alert = new QueuedAlert(key, server, registration);
        alert.setEventProcessed(event.processed());
        alert.setSLAStatus(SLAEvent.SLAStatus.valueOf(event.slaStatus()));
        alert.setEventStatus(SLAEvent.EventStatus.valueOf(event.last().name()));
        alert.setJobStatus(event.jobStatus());
        alert.setActualStart(date(event.start()));
        alert.setActualEnd(date(event.end()));
        alert.setActualDuration(event.duration());
        return alert;
    }

    /** @throws RuntimeException if the payload is damaged */
    static QueuedAlert of(Alert alert) {
        JSONObject json = (JSONObject) JSONValue.parse(alert.payload());
        SLARegistrationBean registration = new SLARegistrationBean();
        registration.setId(text(json, "id"));
        registration.setAppType(AppType.valueOf(text(json, "app_type")));
        registration.setAppName(text(json, "app_name"));
        registration.setUser(text(json, "user"));
        registration.setParentId(text(json, "parent_id"));
        registration.setNominalTime(dateOf(json, "nominal_time"));
        registration.setExpectedStart(dateOf(json, "expected_start"));
        registration.setExpectedEnd(dateOf(json, "expected_end"));
        registration.setExpectedDuration((Long) json.get("expected_duration"));
        registration.setNotificationMsg(text(json, "notification_msg"));
        registration.setUpstreamApps(text(json, "upstream_apps"));
        registration.setJobData(text(json, "job_data"));
        if (json.get("sla_config") != null) {
            registration.setSlaConfig(text(json, "sla_config"));
        }
        QueuedAlert queued = new QueuedAlert(alert.key(), alert.server(), registration);
        queued.setSLAStatus(SLAEvent.SLAStatus.valueOf(text(json, "sla_status")));
        queued.setEventStatus(SLAEvent.EventStatus.valueOf(text(json, "event_status")));
        queued.setJobStatus(text(json, "job_status"));
        queued.setActualStart(dateOf(json, "actual_start"));
        queued.setActualEnd(dateOf(json, "actual_end"));
        queued.setActualDuration((Long) json.get("actual_duration"));
        return queued;
    }

    /** The row that brings this alert back. */
    Alert row() {
        return new Alert(key, server, payload());
    }

    @SuppressWarnings("unchecked")
    private String payload() {
        JSONObject json = new JSONObject();
        json.put("id", getId());
        json.put("app_type", getAppType().name());
        json.put("app_name", getAppName());
        json.put("user", getUser());
        json.put("parent_id", getParentId());
        json.put("nominal_time", millis(getNominalTime()));
        json.put("expected_start", millis(getExpectedStart()));
        json.put("expected_end", millis(getExpectedEnd()));
        json.put("expected_duration", getExpectedDuration());
        json.put("notification_msg", getNotificationMsg());
        json.put("upstream_apps", getUpstreamApps());
        json.put("job_data", getJobData());
        json.put("sla_config", getSLAConfig());
        json.put("sla_status", getSLAStatus().name());
        json.put("event_status", getEventStatus().name());
        json.put("job_status", getJobStatus());
        json.put("actual_start", millis(getActualStart()));
        json.put("actual_end", millis(getActualEnd()));
        json.put("actual_duration", getActualDuration());
        return AsciiJson.of(json.toJSONString());
    }

    private static String text(JSONObject json, String name) {
        return (String) json.get(name);
    }

    private static Date dateOf(JSONObject json, String name) {
        return date((Long) json.get(name));
    }

    /** Asks it before the listeners are told, and tells it afterwards. */
    QueuedAlert with(Delivery way) {
        delivery = way;
        return this;
    }

    /** All listeners were told. */
    void told() {
        if (delivery != null) {
            delivery.delivered();
        }
    }

    @Override
    public MessageType getMsgType() {
        return delivery == null || delivery.begin() ? super.getMsgType() : null;
    }
}
