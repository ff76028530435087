package org.oozieha.it.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.oozie.client.OozieClient;
import org.oozieha.testing.FreePorts;

/**
 * A running cluster: ZooKeeper, PostgreSQL, stock Oozie servers, a load balancer. {@link #start} returns once every server
 * answers and is in the balancer; {@link #close()} ends everything it started, and so does the end of this JVM.
 */
public final class Cluster implements AutoCloseable {
    private final Workspace workspace;
    private final ClusterSettings settings;
    private final List<AutoCloseable> started = new ArrayList<>();
    private final List<OozieServer> servers = new ArrayList<>();
    private final List<OozieServer> retired = new ArrayList<>();
    private final List<ServerLinks> links = new ArrayList<>();
    private ZooKeeperEnsemble zooKeeper;
    private Postgres postgres;
    private Database database;
    private AuditTrail audit;
    private LoadBalancer balancer;
    private HadoopCluster hadoop;
    private Mailbox mailbox;
    private HiveProcess broker;
    private AlertTopic alertTopic;

    private Cluster(Workspace workspace, ClusterSettings settings) {
        this.workspace = workspace;
        this.settings = settings;
    }

    /** Starts everything, the servers at the same time; what was started is ended again when something fails. */
    public static Cluster start(Workspace workspace, ClusterSettings settings, Narrator narrator) {
        Cluster cluster = new Cluster(workspace, settings);
        boolean complete = false;
        try {
            cluster.startParts(narrator);
            complete = true;
            return cluster;
        } finally {
            if (!complete) {
                cluster.close();
            }
        }
    }

    private void startParts(Narrator narrator) {
        narrator.says("ZooKeeper: " + settings.zooKeepers() + " server(s), tick "
                + settings.tick().toMillis() + " ms");
        zooKeeper = owned(ZooKeeperEnsemble.start(
                workspace.dir(),
                settings.zooKeepers(),
                settings.tick(),
                settings.zooKeeperConfig(),
                settings.zooKeeperJavaOptions()));
        narrator.says("PostgreSQL, with Oozie's schema");
        postgres = owned(Postgres.start(workspace));
        database = owned(postgres.createDatabase(settings.name()));
        audit = AuditTrail.install(database);
        if (settings.launchers() > 0) {
            narrator.says("HDFS and YARN, one node each");
            hadoop = owned(HadoopCluster.start(workspace, settings.launchers()));
            hadoop.put(LauncherJars.layOut(workspace));
        }
        if (settings.slas()) {
            narrator.says("a mail server and a message broker for SLA alerts");
            SlaTrail.install(database);
            mailbox = owned(Mailbox.start());
            broker = owned(HiveProcess.broker(workspace));
            alertTopic = owned(AlertTopic.subscribe(broker));
        }
        List<Integer> ports = FreePorts.some(settings.servers().size() + 1);
        balancer = owned(LoadBalancer.start(
                settings.balancerName(), ports.get(settings.servers().size())));
        for (int i = 0; i < settings.servers().size(); i++) {
            links.add(settings.links() ? owned(new ServerLinks(zooKeeper, database.port(), ports.get(i))) : null);
            servers.add(layOut(
                    i + 1, "oozie-" + (i + 1), ports.get(i), settings.servers().get(i)));
        }
        narrator.says(servers.size() + " stock Oozie servers: "
                + servers.stream().map(OozieServer::services).distinct().collect(Collectors.toList()));
        servers.forEach(OozieServer::start);
        servers.forEach(OozieServer::awaitReady);
        servers.forEach(server -> balancer.add(server.url(), server.healthUrl()));
        Waiting.until(
                "all servers are in the load balancer",
                Duration.ofSeconds(60),
                () -> balancer.serversIn().size() == servers.size());
    }

    private OozieServer layOut(int number, String directory, int port, HaServices services) {
        String id = "oozie-" + number;
        ServerLinks link = links.get(number - 1);
        OozieHome home = OozieHome.layOut(workspace.dir(directory), workspace, services, settings.admins());
        String host = settings.serverName(number);
        if (settings.hcatalog()) {
            workspace.hcatalogJars().forEach(home::link);
        } else if (settings.slas()) {
            workspace.messagingJars().forEach(home::link);
        }
        List<String> classes = new ArrayList<>(services.classes());
        classes.addAll(settings.services());
        int databasePort = link == null ? database.port() : link.toDatabase().port();
        OozieSite site = new OozieSite()
                .set("oozie.services.ext", String.join(",", classes))
                .set("oozie.instance.id", id)
                .set("oozie.http.hostname", host)
                .set("oozie.http.port", port)
                .set("oozie.base.url", balancer.url())
                .set(
                        "oozie.zookeeper.connection.string",
                        link == null ? zooKeeper.connectionString() : link.connectionString())
                .set("oozie.zookeeper.namespace", settings.name())
                .setDatabase(database.urlFor(id, databasePort) + settings.databaseOptions())
                .set("oozie.service.HadoopAccessorService.supported.filesystems", "*")
                .set("oozie.service.HadoopAccessorService.hadoop.configurations", "*=hadoop-conf")
                .set("oozie.service.HadoopAccessorService.action.configurations", "*=action-conf")
                .set(
                        "oozie.service.WorkflowAppService.system.libpath",
                        hadoop == null ? "file://" + workspace.dir("sharelib") : hadoop.nameNode() + "/sharelib")
                .set("oozie.service.AuthorizationService.security.enabled", false)
                .set("oozie.service.ProxyUserService.proxyuser." + user() + ".hosts", "*")
                .set("oozie.service.ProxyUserService.proxyuser." + user() + ".groups", "*")
                .set("oozie.service.URIHandlerService.uri.handlers", "org.apache.oozie.dependency.FSURIHandler")
                .set("oozie.service.coord.check.maximum.frequency", false)
                .set("oozie.service.SchemaCheckerService.check.interval", 0)
                .set("oozie.jsp.tmp.dir", home.tmp());
        if (settings.slas()) {
            site.set("oozie.email.smtp.host", "127.0.0.1")
                    .set("oozie.email.smtp.port", mailbox.port())
                    .set(
                            "oozie.jms.producer.connection.properties",
                            "java.naming.factory.initial#org.apache.activemq.jndi.ActiveMQInitialContextFactory;"
                                    + "java.naming.provider.url#tcp://" + broker.endpoint()
                                    + ";connectionFactoryNames#ConnectionFactory");
        }
        if (settings.https()) {
            site.set("oozie.http.port", FreePorts.one())
                    .set("oozie.https.enabled", true)
                    .set("oozie.https.port", port);
        }
        if (hadoop != null) {
            site.set("it.parking", parking())
                    .set(
                            "oozie.service.ActionService.executor.ext.classes",
                            "org.oozieha.it.server.ParkingShellActionExecutor")
                    .set("oozie.launcher.default.memory.mb", HadoopCluster.LAUNCHER_MB);
        }
        if (services == HaServices.PACK) {
            int peerPort = link == null ? port : link.fromPeers().port();
            site.set("oozie.ha.server.url", url(number, peerPort))
                    .set("oozie.ha.session.timeout.ms", settings.session().toMillis())
                    .set("oozie.ha.zookeeper.tick.ms", settings.tick().toMillis());
        } else {
            site.set("oozie.zookeeper.session.timeout", settings.session().getSeconds());
        }
        site.setAll(settings.properties()).setAll(settings.properties(number));
        site.write(home.conf().resolve("oozie-site.xml"));
        new OozieSite()
                .set("fs.defaultFS", "file:///")
                .set("fs.rec.impl", "org.oozieha.it.server.RecordingFileSystem")
                .set("fs.rec.root", files())
                .set("fs.rec.journal", journals().resolve(id + ".tsv"))
                .setAll(hadoop == null ? Collections.emptyMap() : hadoop.clientProperties())
                .write(home.conf().resolve("hadoop-conf/core-site.xml"));
        String url = url(number, port);
        Duration ahead = settings.clock(number);
        List<String> environment = ahead.isZero() ? Collections.emptyList() : ClockSkew.environment(workspace, ahead);
        return new OozieServer(id, home, url, services, environment, settings.javaOptions(number), settings.login());
    }

    private static String user() {
        return System.getProperty("user.name");
    }

    private <T extends AutoCloseable> T owned(T part) {
        started.add(part);
        return part;
    }

    /**
     * Stops a server, numbered from 1, as an operator stops it, and starts one with other services in its place, under the same id and
     * port, with a home of its own. Returns once it answers and is in the load balancer: whether the old one ended by itself.
     */
    public boolean replace(int number, HaServices services) {
        OozieServer old = server(number);
        boolean ended = old.stop();
        long lives = Directories.list(workspace.dir(), old.id(), "").size();
        OozieServer next = layOut(number, old.id() + "-" + services + "-" + lives, old.port(), services);
        servers.set(number - 1, next);
        retired.add(old);
        next.start();
        next.awaitReady();
        balancer.add(next.url(), next.healthUrl());
        awaitBalanced(next);
        return ended;
    }

    /** Stops a server, numbered from 1, and starts it again, as an operator does it; returns as {@link #replace} does. */
    public boolean restart(int number) {
        OozieServer server = server(number);
        boolean ended = server.stop();
        server.start();
        server.awaitReady();
        awaitBalanced(server);
        return ended;
    }

    /** Starts what is down again and waits until all servers are in the load balancer. */
    public void makeWhole() {
        servers.stream().filter(server -> !server.isAlive()).forEach(OozieServer::start);
        servers.forEach(OozieServer::awaitReady);
        servers.forEach(this::awaitBalanced);
    }

    private void awaitBalanced(OozieServer server) {
        Waiting.until(server + " is in the load balancer", Duration.ofSeconds(90), () -> balancer.serversIn()
                .contains(server.url()));
    }

    /** A server by its number, from 1. */
    public OozieServer server(int number) {
        return servers.get(number - 1);
    }

    /** A server by its instance id. */
    public OozieServer server(String id) {
        return servers.stream()
                .filter(server -> server.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no server " + id + " in " + servers));
    }

    public List<OozieServer> servers() {
        return Collections.unmodifiableList(servers);
    }

    public List<OozieServer> liveServers() {
        return servers.stream().filter(OozieServer::isAlive).collect(Collectors.toList());
    }

    /** The links of a server, numbered from 1, of a cluster made {@link ClusterSettings#withLinks()}. */
    public ServerLinks links(int server) {
        return links.get(server - 1);
    }

    /** The URL by which its peers reach a server: that of a link if there is one. */
    public String announcedUrl(OozieServer server) {
        ServerLinks link = links.get(servers.indexOf(server));
        return link == null || server.services() != HaServices.PACK
                ? server.url()
                : url(servers.indexOf(server) + 1, link.fromPeers().port());
    }

    private String url(int number, int port) {
        return (settings.https() ? "https" : "http") + "://" + settings.serverName(number) + ":" + port + "/oozie";
    }

    public ZooKeeperEnsemble zooKeeper() {
        return zooKeeper;
    }

    /** A new look at this cluster's part of ZooKeeper; to be closed. */
    public ZooKeeperView zooKeeperView() {
        return ZooKeeperView.of(zooKeeper.connectionString(), settings.name());
    }

    /** Ends the database as a crash does and starts it again. */
    public void restartDatabase() {
        postgres.restartAfterCrash();
    }

    public Database database() {
        return database;
    }

    public AuditTrail audit() {
        return audit;
    }

    public LoadBalancer balancer() {
        return balancer;
    }

    /** HDFS and YARN of a cluster made {@link ClusterSettings#withHadoop()}. */
    public HadoopCluster hadoop() {
        return hadoop;
    }

    /** The mails of a cluster made with {@link ClusterSettings#slas}. */
    public Mailbox mailbox() {
        return mailbox;
    }

    /** The messages of a cluster made with {@link ClusterSettings#slas}. */
    public AlertTopic alertTopic() {
        return alertTopic;
    }

    /** Where the servers are held in the middle of a submission to YARN, by the parking shell action. */
    public Path parking() {
        return workspace.dir("parking");
    }

    /** Oozie's own client, through the load balancer. */
    public OozieClient client() {
        return new OozieClient(balancer.url());
    }

    /** What the servers' recording file systems wrote down so far. */
    public List<Effect> effects() {
        return Effect.readAll(journals());
    }

    /** The local directory behind {@code rec:///}. */
    public Path files() {
        return workspace.dir("files");
    }

    private Path journals() {
        return workspace.dir("effects");
    }

    public Workspace workspace() {
        return workspace;
    }

    /** The class path of Oozie's own command line. */
    public String toolClassPath() {
        return workspace.stockClassPath();
    }

    /** The session timeout the servers asked for. */
    public Duration session() {
        return settings.session();
    }

    @Override
    public void close() {
        servers.forEach(OozieServer::discard);
        retired.forEach(OozieServer::discard);
        List<AutoCloseable> parts = new ArrayList<>(started);
        Collections.reverse(parts);
        started.clear();
        RuntimeException failure = null;
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                failure = failure == null ? new IllegalStateException("cannot end " + part, e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
