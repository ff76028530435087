package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Json;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;

/**
 * The JSON of {@code /ha/servers/<id>}; unknown fields are ignored, so that a newer version may add some.
 *
 * <p>Damaged bytes give an {@link IllegalArgumentException} that says what is missing. Stateless.
 */
public final class MemberFormat {
    private MemberFormat() {}

    public static byte[] encode(Member member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", member.id());
        json.put("url", member.url());
        json.put("packVersion", member.identity().packVersion());
        json.put("oozieVersion", member.identity().oozieVersion());
        json.put("incarnation", member.incarnation().number());
        json.put("state", member.state().name());
        json.put("sessionTimeoutMs", member.sessionTimeoutMs());
        json.put("startedAtMs", member.identity().startedAtMs());
        json.put("clockMs", member.clockMs());
        return Json.write(json).getBytes(UTF_8);
    }

    public static Member decode(byte[] data) {
        Map<String, Object> json = Json.object(new String(data, UTF_8));
        String id = text(json, "id");
        ServerIdentity identity = new ServerIdentity(
                id,
                text(json, "url"),
                text(json, "packVersion"),
                text(json, "oozieVersion"),
                number(json, "startedAtMs"));
        return new Member(
                Incarnation.of(id, number(json, "incarnation")),
                identity,
                ServerState.valueOf(text(json, "state")),
                number(json, "sessionTimeoutMs"),
                number(json, "clockMs"));
    }

    /** The URL in a stock server's discovery entry. */
    static String stockUrl(byte[] data) {
        Object payload = Json.object(new String(data, UTF_8)).get("payload");
        Object url = payload instanceof Map ? ((Map<?, ?>) payload).get("OOZIE_URL") : null;
        if (!(url instanceof String)) {
            throw new IllegalArgumentException("no payload.OOZIE_URL");
        }
        return (String) url;
    }

    private static String text(Map<String, Object> json, String field) {
        Object value = json.get(field);
        if (!(value instanceof String)) {
            throw new IllegalArgumentException("no text field '" + field + "'");
        }
        return (String) value;
    }

    private static long number(Map<String, Object> json, String field) {
        Object value = json.get(field);
        if (!(value instanceof Long)) {
            throw new IllegalArgumentException("no number field '" + field + "'");
        }
        return (Long) value;
    }
}
