package org.oozieha.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Member;

/**
 * {@code GET /oozie/v2/ha/status}: what this server knows of the cluster, as JSON; 503 if it takes no part in one.
 *
 * <p>Oozie's own filter authenticates the caller. Answers from memory, at once.
 */
public final class StatusServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<HaNode> node = HaNode.current();
        if (!node.isPresent()) {
            response.sendError(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE, "No service of the HA pack runs in this server");
            return;
        }
        String json = JsonText.write(
                status(node.get().cluster(), node.get().leadership().isLeader()));
        byte[] body = (json + "\n").getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static Map<String, Object> status(Cluster cluster, boolean leader) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("id", cluster.self().id());
        status.put("url", cluster.self().url());
        status.put("state", cluster.state().name());
        status.put("incarnation", cluster.lease().incarnation().number());
        status.put("lease_valid", cluster.lease().isValid());
        status.put("lease_remaining_ms", Math.max(0, cluster.lease().remainingMs()));
        status.put("leader", leader);
        List<Object> members = new ArrayList<>();
        for (Member member : cluster.members().all()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("id", member.id());
            entry.put("url", member.url());
            entry.put("state", member.state().name());
            entry.put("incarnation", member.incarnation().number());
            entry.put("pack_version", member.identity().packVersion());
            entry.put("oozie_version", member.identity().oozieVersion());
            entry.put("session_timeout_ms", member.sessionTimeoutMs());
            entry.put("started_at_ms", member.identity().startedAtMs());
            members.add(entry);
        }
        status.put("members", members);
        status.put("stock_servers", cluster.members().stockServers());
        return status;
    }
}
