package org.oozieha.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.client.OozieClientException;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HiveProcess;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;

/** A coordinator of one action that waits for today's partition of a table of its own. */
final class HCatWaiter {
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

    private final Cluster cluster;
    private final HiveProcess metastore;
    private final String table;
    private final Instant nominal = Instant.now();
    private final String job;
    private Instant added;

    /** Submits it to that server, which then is the one that registers it. */
    HCatWaiter(Cluster cluster, HiveProcess metastore, OozieServer registrar, String table, String execution) {
        this.cluster = cluster;
        this.metastore = metastore;
        this.table = table;
        metastore.createTable(table);
        // its own: the action of another waiter may be reading that one's
        Path apps = cluster.workspace().dir("apps/hcat-" + table);
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
            writeApps(apps);
            job = new OozieClient(registrar.url()).run(conf);
        } catch (OozieClientException | IOException e) {
            throw new IllegalStateException(e);
        }
        Waiting.until(registrar + " listens for " + table, Duration.ofSeconds(60), () -> listeners()
                .contains(registrar));
    }

    private static void writeApps(Path apps) throws IOException {
        write(
                apps.resolve("workflow.xml"),
                "<workflow-app name='empty' xmlns='uri:oozie:workflow:0.5'><start to='end'/><end name='end'/></workflow-app>");
        write(
                apps.resolve("coordinator.xml"),
                "<coordinator-app name='hcat' frequency='${coord:days(1)}' start='${start}' end='${end}' timezone='UTC'"
                        + " xmlns='uri:oozie:coordinator:0.4'><controls><timeout>-1</timeout>"
                        + "<execution>${execution}</execution></controls><datasets>"
                        + "<dataset name='d' frequency='${coord:days(1)}' initial-instance='2020-01-01T00:00Z'"
                        + " timezone='UTC'><uri-template>hcat://${metastore}/default/${table}/dt=${YEAR}${MONTH}${DAY}"
                        + "</uri-template><done-flag/></dataset></datasets>"
                        + "<input-events><data-in name='in' dataset='d'><instance>${coord:current(0)}</instance>"
                        + "</data-in></input-events><action><workflow><app-path>${app}</app-path></workflow></action>"
                        + "</coordinator-app>");
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The live servers that have listened to the table's topic. */
    Set<OozieServer> listeners() {
        String topic = "hcat.default." + table + " ";
        return cluster.liveServers().stream()
                .filter(server -> server.logLines().stream()
                        .map(line -> line + " ")
                        .anyMatch(line -> line.contains(topic)
                                && (line.contains("Listening: ") || line.contains("Registered a listener"))))
                .collect(Collectors.toSet());
    }

    String job() {
        return job;
    }

    void addPartition() {
        metastore.addPartition(table, DAY.format(nominal));
        added = Instant.now();
    }

    /** Hive's listener complains while the broker is down; the partition is there. */
    void addPartitionToNobody() {
        try {
            metastore.addPartition(table, DAY.format(nominal));
        } catch (IllegalStateException announcedToNobody) {
            // seen by whoever looks
        }
        added = Instant.now();
    }

    /** Nothing could be seen of the partition before. */
    void countFromNow() {
        added = Instant.now();
    }

    Instant added() {
        return added;
    }

    String status() {
        return cluster.database()
                .query("SELECT status FROM coord_actions WHERE job_id = ?", job)
                .get(0)[0];
    }

    /** Workflows that were started for the action. */
    long workflows() {
        return cluster.database().number("SELECT count(*) FROM wf_jobs WHERE parent_id = ?", job + "@1");
    }
}
