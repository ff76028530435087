package org.oozieha.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import javax.persistence.EntityManager;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.oozie.client.OozieClient.SYSTEM_MODE;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Services;

/**
 * {@code GET /oozie/ha/health}: one line, the state and the incarnation of this server; 200 if it should get requests, else 503.
 *
 * <p>Asks nobody for a name or password and tells nothing else. Answers at once, also while the database or ZooKeeper hang, and
 * also when Oozie's services have gone: then {@code DRAINING 0}.
 */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int ANSWER_WITHIN_S = 2;

    private transient ExecutorService worker;
    private transient DatabaseProbe database;

    @Override
    public void init() {
        worker = DaemonThread.named("oozie-ha-database-probe");
        database = new DatabaseProbe(HealthServlet::databaseAnswers, worker, System::nanoTime);
    }

    @Override
    public void destroy() {
        worker.shutdownNow();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<HaNode> node = HaNode.current();
        Services services = Services.get();
        if (services == null) {
            answer(response, Health.DRAINING, 0);
        } else if (!node.isPresent()) {
            answer(response, Health.JOINING, 0);
        } else {
            boolean safeMode = services.getSystemMode() != SYSTEM_MODE.NORMAL;
            Health health = Health.of(
                    node.get().cluster().state(),
                    safeMode,
                    database.reachable(),
                    node.get().cluster().lease(),
                    node.get().databaseFence().filter(DatabaseFence::isMarked).isPresent());
            answer(response, health, node.get().cluster().lease().incarnation().number());
        }
    }

    private static void answer(HttpServletResponse response, Health health, long incarnation) throws IOException {
        byte[] line = (health.name() + " " + incarnation + "\n").getBytes(StandardCharsets.US_ASCII);
        response.setStatus(health.httpStatus());
        response.setContentType("text/plain;charset=us-ascii");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(line.length);
        response.getOutputStream().write(line);
    }

    private static boolean databaseAnswers() throws Exception {
        Services services = Services.get();
        JPAService jpa = services == null ? null : services.get(JPAService.class);
        if (jpa == null) {
            return true;
        }
        EntityManager entityManager = jpa.getEntityManager();
        try (Connection connection = entityManager.unwrap(Connection.class)) {
            if (!connection.isValid(ANSWER_WITHIN_S)) {
                return false;
            }
        } catch (AbstractMethodError driverOlderThanJdbc4) {
            // then the query that was made is sign enough
        } finally {
            entityManager.close();
        }
        Optional<DatabaseFence> fence = HaNode.current().flatMap(HaNode::databaseFence);
        if (fence.isPresent()) {
            fence.get().lookForMark();
        }
        return true;
    }
}
