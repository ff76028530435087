package org.oozieha.log;

import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which log of which job, as the user asked for it. Immutable. */
public final class JobLogRequest {
    private static final String SHOW = "show";
    private static final String ALL_SERVERS = "allservers";

    private final String jobId;
    private final String logType;
    private final Map<String, String> parameters;
    private final long jobStartMs;
    private final int limit;

    /**
     * @param logType {@code log}, {@code errorlog} or {@code auditlog}
     * @param parameters of the user's request; null if there are none
     * @param jobStartMs milliseconds since the epoch
     * @param limit messages in all, or -1
     */
    public JobLogRequest(String jobId, String logType, Map<String, String[]> parameters, long jobStartMs, int limit) {
        this.jobId = jobId;
        this.logType = logType;
        this.parameters = forwarded(parameters);
        this.jobStartMs = jobStartMs;
        this.limit = limit;
    }

    /** True unless the user, or a server that collects, asks for this server's part only. */
    public static boolean asksAllServers(Map<String, String[]> parameters) {
        String[] values = parameters == null ? null : parameters.get(ALL_SERVERS);
        return values == null || values.length == 0 || !"false".equalsIgnoreCase(values[0]);
    }

    public String jobId() {
        return jobId;
    }

    long jobStartMs() {
        return jobStartMs;
    }

    int limit() {
        return limit;
    }

    /** What to ask a server for, below its base URL: its own part only, as the service's user, else as the user asked. */
    String resource() {
        StringBuilder resource = new StringBuilder("/v2/job/").append(encode(jobId));
        resource.append('?').append(SHOW).append('=').append(encode(logType));
        resource.append('&').append(ALL_SERVERS).append("=false");
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            resource.append('&').append(encode(parameter.getKey()));
            resource.append('=').append(encode(parameter.getValue()));
        }
        return resource.toString();
    }

    private static Map<String, String> forwarded(Map<String, String[]> parameters) {
        Map<String, String> forwarded = new LinkedHashMap<>();
        if (parameters != null) {
            for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
                String[] values = parameter.getValue();
                // Oozie reads the first value of a parameter only
                if (values != null && values.length > 0 && values[0] != null) {
                    forwarded.put(parameter.getKey(), values[0]);
                }
            }
        }
        // this server has checked the user; the peer is called by the service's user
        forwarded
                .keySet()
                .removeIf(name -> name.isEmpty() || "doAs".equalsIgnoreCase(name) || "user.name".equals(name));
        forwarded.remove(SHOW);
        forwarded.remove(ALL_SERVERS);
        return Collections.unmodifiableMap(forwarded);
    }

    private static String encode(String text) {
        try {
            return URLEncoder.encode(text, "UTF-8");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
