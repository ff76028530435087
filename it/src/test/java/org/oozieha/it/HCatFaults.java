package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.client.OozieClientException;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.HiveProcess;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;

/**
 * Coordinator actions that wait for partitions of a real metastore, announced by a real broker, on three servers: how long after the
 * partition they leave WAITING, with the server alive that had registered them, and dead. Not part of {@code mvn verify}; run it by name.
 *
 * <p>The system property {@code it.services} chooses PACK (default) or STOCK services; {@code hcat.bound.seconds} the longest wait.
 */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public final class HCatFaults {
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
    private static final Duration BOUND = Duration.ofSeconds(Integer.getInteger("hcat.bound.seconds", 60));
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private static HiveProcess broker;
    private static HiveProcess metastore;
    private static Cluster cluster;
    private static Path apps;
    private static int tables;

    @BeforeClass
    public static void three_servers_a_metastore_and_a_broker() throws IOException {
        Workspace workspace = Workspace.emptied("hcat");
        broker = HiveProcess.broker(workspace);
        metastore = HiveProcess.metastore(workspace, broker);
        HaServices services = SharedCluster.services();
        cluster = Cluster.start(
                workspace,
                new ClusterSettings()
                        .servers(3, services)
                        .hcatalog(
                                services,
                                "default=java.naming.factory.initial#org.apache.activemq.jndi.ActiveMQInitialContextFactory;"
                                        + "java.naming.provider.url#tcp://" + broker.endpoint()
                                        + ";connectionFactoryNames#ConnectionFactory"),
                line -> {});
        apps = workspace.dir("apps/hcat");
        Files.write(
                apps.resolve("workflow.xml"),
                ("<workflow-app name='empty' xmlns='uri:oozie:workflow:0.5'><start to='end'/><end name='end'/>"
                                + "</workflow-app>")
                        .getBytes(StandardCharsets.UTF_8));
        Files.write(
                apps.resolve("coordinator.xml"),
                ("<coordinator-app name='hcat' frequency='${coord:days(1)}' start='${start}' end='${end}' timezone='UTC'"
                                + " xmlns='uri:oozie:coordinator:0.4'><controls><timeout>-1</timeout>"
                                + "<execution>${execution}</execution></controls><datasets>"
                                + "<dataset name='d' frequency='${coord:days(1)}' initial-instance='2020-01-01T00:00Z'"
                                + " timezone='UTC'><uri-template>hcat://${metastore}/default/${table}/dt=${YEAR}${MONTH}${DAY}"
                                + "</uri-template><done-flag/></dataset></datasets>"
                                + "<input-events><data-in name='in' dataset='d'><instance>${coord:current(0)}</instance>"
                                + "</data-in></input-events><action><workflow><app-path>${app}</app-path></workflow></action>"
                                + "</coordinator-app>")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @AfterClass
    public static void the_end() {
        for (AutoCloseable part : new AutoCloseable[] {cluster, metastore, broker}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    public void a_the_registrar_is_alive() {
        Waiter waiter = new Waiter("FIFO");
        waiter.registrar();
        waiter.addPartition();
        waiter.report("registrar alive", waiter.leavesWaiting());
    }

    @Test
    public void b_the_partition_comes_right_after_the_registrar_was_killed() {
        Waiter waiter = new Waiter("FIFO");
        waiter.registrar().kill();
        waiter.addPartition();
        waiter.report("added before the takeover", waiter.leavesWaiting());
    }

    @Test
    public void c_the_partition_comes_when_the_session_of_the_registrar_ends() {
        Waiter waiter = new Waiter("FIFO");
        waiter.registrar().kill();
        pass(cluster.session());
        waiter.addPartition();
        waiter.report("added during the takeover", waiter.leavesWaiting());
    }

    @Test
    public void d_the_partition_comes_long_after_the_registrar_was_killed_to_an_action_of_execution_none() {
        // nominal times are whole minutes, and Oozie skips an action that it first sees a minute after its own
        Waiting.until(
                "a minute begins", Duration.ofSeconds(65), () -> Instant.now().getEpochSecond() % 60 < 15);
        Waiter waiter = new Waiter("NONE");
        waiter.registrar().kill();
        pass(cluster.session().plus(Duration.ofSeconds(70)));
        assertEquals("not skipped", "WAITING", waiter.status());
        waiter.addPartition();
        waiter.report("added after the takeover, execution NONE", waiter.leavesWaiting());
        assertTrue(waiter.status(), !waiter.status().equals("SKIPPED"));
    }

    @Test
    public void e_the_broker_is_down_for_half_a_minute() {
        Waiter announced = new Waiter("FIFO");
        announced.registrar();
        Waiter after = new Waiter("FIFO");
        after.registrar();
        broker.kill();
        try {
            announced.addPartitionToNobody();
            pass(OUTAGE);
        } finally {
            broker.start();
        }
        Instant back = Instant.now();
        announced.awaitLeft();
        System.out.println("HCAT " + SharedCluster.services() + " announced in an outage of " + OUTAGE.getSeconds()
                + " s, ready after the broker's return ms="
                + Duration.between(back, Instant.now()).toMillis());
        metastore.kill(); // Hive's listener does not connect again by itself
        metastore.start();
        after.addPartition();
        after.report("added after the outage", after.leavesWaiting());
    }

    @After
    public void the_cluster_is_made_whole() {
        for (OozieServer server : cluster.servers()) {
            if (!server.isAlive()) {
                server.start();
            }
        }
        cluster.servers().forEach(OozieServer::awaitReady);
        Waiting.until(
                "all servers are in the load balancer",
                Duration.ofSeconds(60),
                () -> cluster.balancer().serversIn().size() == cluster.servers().size());
    }

    private static void pass(Duration time) {
        Instant end = Instant.now().plus(time);
        Waiting.until("time passes", time.plusSeconds(5), () -> Instant.now().isAfter(end));
    }

    /** A coordinator of one action that waits for today's partition of a table of its own. */
    private static final class Waiter {
        private final String table = "t" + ++tables;
        private final Instant nominal = Instant.now();
        private final String job;
        private Instant added;

        private Waiter(String execution) {
            metastore.createTable(table);
            Properties conf = cluster.client().createConfiguration();
            conf.setProperty(OozieClient.USER_NAME, System.getProperty("user.name"));
            conf.setProperty(OozieClient.COORDINATOR_APP_PATH, "file://" + apps.resolve("coordinator.xml"));
            conf.setProperty("app", "file://" + apps.resolve("workflow.xml"));
            conf.setProperty("start", MINUTES.format(nominal));
            conf.setProperty("end", MINUTES.format(nominal.plusSeconds(3600)));
            conf.setProperty("metastore", metastore.endpoint());
            conf.setProperty("table", table);
            conf.setProperty("execution", execution);
            try {
                job = cluster.client().run(conf);
            } catch (OozieClientException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The server that listens to the table's topic. */
        private OozieServer registrar() {
            String topic = "hcat.default." + table;
            return Waiting.forValue(
                    "a server listens to " + topic, Duration.ofSeconds(60), () -> cluster.liveServers().stream()
                            .filter(server -> server.logLines().stream()
                                    .anyMatch(line -> line.contains(topic)
                                            && (line.contains("Listening: ")
                                                    || line.contains("Registered a listener"))))
                            .findFirst()
                            .orElse(null));
        }

        private void addPartition() {
            metastore.addPartition(table, DAY.format(nominal));
            added = Instant.now();
        }

        /** Hive's listener complains while the broker is down; the partition is there. */
        private void addPartitionToNobody() {
            try {
                addPartition();
            } catch (IllegalStateException announcedToNobody) {
                added = Instant.now();
            }
        }

        private String status() {
            return cluster.database()
                    .query("SELECT status FROM coord_actions WHERE job_id = ?", job)
                    .get(0)[0];
        }

        private void awaitLeft() {
            Waiting.until(job + " leaves WAITING", BOUND, () -> !status().equals("WAITING"));
        }

        private Duration leavesWaiting() {
            awaitLeft();
            return Duration.between(added, Instant.now());
        }

        private void report(String what, Duration after) {
            System.out.println("HCAT " + SharedCluster.services() + " " + what + ": ready after ms=" + after.toMillis()
                    + " status=" + status());
        }
    }
}
