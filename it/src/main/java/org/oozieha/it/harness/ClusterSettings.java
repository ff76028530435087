package org.oozieha.it.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** What a cluster is made of. Not thread-safe; read once, by {@link Cluster#start}. */
public final class ClusterSettings {
    private final List<HaServices> servers = new ArrayList<>();
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<Integer, Map<String, String>> serverProperties = new TreeMap<>();
    private final List<String> moreServices = new ArrayList<>();
    private String name = "oozie";
    private final List<String> zooKeeperConfig = new ArrayList<>();
    private final List<String> zooKeeperJavaOptions = new ArrayList<>();
    private int zooKeepers = 1;
    private Duration tick = Duration.ofSeconds(2);
    private Duration session = Duration.ofSeconds(10);
    private final List<String> admins = new ArrayList<>();
    private IntFunction<String> serverNames = number -> "127.0.0.1";
    private IntFunction<List<String>> javaOptions = number -> Collections.emptyList();
    private String balancerName = "127.0.0.1";
    private boolean links;
    private String databaseOptions = "";
    private boolean https;
    private boolean login;
    private boolean hcatalog;
    private boolean slas;
    private final Map<Integer, Duration> clocks = new TreeMap<>();
    private int launchers;

    /** Adds that many servers with the given services; they are numbered from 1. */
    public ClusterSettings servers(int count, HaServices services) {
        servers.addAll(Collections.nCopies(count, services));
        return this;
    }

    /** The database's name and ZooKeeper's namespace. */
    public ClusterSettings name(String clusterName) {
        name = clusterName;
        return this;
    }

    public ClusterSettings zooKeepers(int count, Duration tickTime) {
        zooKeepers = count;
        tick = tickTime;
        return this;
    }

    /** More lines for each ZooKeeper server's {@code zoo.cfg}. */
    public ClusterSettings zooKeeperConfig(String... lines) {
        zooKeeperConfig.addAll(Arrays.asList(lines));
        return this;
    }

    /** More options for each ZooKeeper server's JVM. */
    public ClusterSettings zooKeeperJavaOptions(String... options) {
        zooKeeperJavaOptions.addAll(Arrays.asList(options));
        return this;
    }

    /** The session timeout every server asks for, pack or stock. */
    public ClusterSettings session(Duration timeout) {
        session = timeout;
        return this;
    }

    /** A property of every server's {@code oozie-site.xml}. */
    public ClusterSettings property(String key, Object value) {
        properties.put(key, String.valueOf(value));
        return this;
    }

    /** A property of one server, numbered from 1. */
    public ClusterSettings property(int server, String key, Object value) {
        serverProperties.computeIfAbsent(server, s -> new TreeMap<>()).put(key, String.valueOf(value));
        return this;
    }

    /** Appended to the JDBC URL of every server: {@code &key=value}, encoded. */
    public ClusterSettings databaseOptions(String parameters) {
        databaseOptions = parameters;
        return this;
    }

    /** Classes to append to every server's {@code oozie.services.ext}. */
    public ClusterSettings services(String... classes) {
        moreServices.addAll(Arrays.asList(classes));
        return this;
    }

    /** Short intervals of stock Oozie's own recovery, so that what it does takes seconds instead of minutes. */
    public ClusterSettings quickRecovery() {
        return property("oozie.service.RecoveryService.interval", 5)
                .property("oozie.service.RecoveryService.wf.actions.older.than", 5)
                .property("oozie.service.RecoveryService.coord.older.than", 5)
                .property("oozie.service.ActionCheckerService.action.check.interval", 5)
                .property("oozie.service.ActionCheckerService.action.check.delay", 10)
                .property("oozie.service.StatusTransitService.statusTransit.interval", 5)
                .property("oozie.service.CoordMaterializeTriggerService.lookup.interval", 5);
    }

    /** Lets a server work on twenty actions of one type at once (Oozie's default is three), so that it holds many locks. */
    public ClusterSettings manyAtOnce() {
        return property("oozie.service.CallableQueueService.threads", 20)
                .property("oozie.service.CallableQueueService.callable.concurrency", 20);
    }

    /** Servers upload the jars of their launchers, of those types of actions whose classes a stock server has. */
    public ClusterSettings shippingLauncherJars() {
        return property("oozie.action.ship.launcher.jar", true)
                .property(
                        "oozie.service.ActionService.executor.classes",
                        "org.apache.oozie.action.decision.DecisionActionExecutor,"
                                + "org.apache.oozie.action.hadoop.JavaActionExecutor,"
                                + "org.apache.oozie.action.hadoop.FsActionExecutor,"
                                + "org.apache.oozie.action.oozie.SubWorkflowActionExecutor");
    }

    /** Puts a {@link LinkProxy} between each server and ZooKeeper, the database and its peers. */
    public ClusterSettings withLinks() {
        links = true;
        return this;
    }

    /** Names of loopback, by server, numbered from 1, and for the balancer: this JVM and the servers' have to know them. */
    public ClusterSettings names(IntFunction<String> byServer, String ofBalancer) {
        serverNames = byServer;
        balancerName = ofBalancer;
        return this;
    }

    /** Options for the JVM of each server, numbered from 1. */
    public ClusterSettings javaOptions(IntFunction<List<String>> byServer) {
        javaOptions = byServer;
        return this;
    }

    /** Who may do what only administrators may. */
    public ClusterSettings admins(String... users) {
        admins.addAll(Arrays.asList(users));
        return this;
    }

    /** Servers ask everybody to log in: that they are up is seen at the URL that asks nobody. */
    public ClusterSettings withLogin() {
        login = true;
        return this;
    }

    /** The servers' URLs are https. */
    public ClusterSettings withHttps() {
        https = true;
        return this;
    }

    String databaseOptions() {
        return databaseOptions;
    }

    /** Gives the servers HCatalog's client, and stock's or the pack's services and handler of URIs, with these brokers. */
    public ClusterSettings hcatalog(HaServices whose, String jmsConnections) {
        hcatalog = true;
        boolean pack = whose == HaServices.PACK;
        String services = pack ? "org.oozieha.hcat.HA" : "org.apache.oozie.service.";
        return services(
                        "org.apache.oozie.service.JMSAccessorService",
                        services + "PartitionDependencyManagerService",
                        services + "HCatAccessorService")
                .property("oozie.service.HCatAccessorService.jmsconnections", jmsConnections)
                .property(
                        "oozie.service.URIHandlerService.uri.handlers",
                        "org.apache.oozie.dependency.FSURIHandler,"
                                + (pack ? "org.oozieha.hcat.HA" : "org.apache.oozie.dependency.")
                                + "HCatURIHandler");
    }

    boolean hcatalog() {
        return hcatalog;
    }

    /**
     * Gives the servers stock's or the pack's service of SLAs, with seconds for Oozie's minutes; alerts go by mail to
     * {@link Cluster#mailbox} and by JMS to {@link Cluster#alertTopic}.
     */
    public ClusterSettings slas(HaServices whose) {
        slas = true;
        return services(
                        "org.apache.oozie.service.JMSAccessorService",
                        "org.apache.oozie.service.JMSTopicService",
                        "org.apache.oozie.service.EventHandlerService",
                        whose == HaServices.PACK
                                ? "org.oozieha.sla.HASLAService"
                                : "org.apache.oozie.sla.service.SLAService")
                .property(
                        "oozie.service.EventHandlerService.event.listeners",
                        "org.apache.oozie.sla.listener.SLAJobEventListener,"
                                + "org.apache.oozie.sla.listener.SLAEmailEventListener,"
                                + "org.apache.oozie.jms.JMSSLAEventListener")
                .property("oozie.service.EventHandlerService.worker.interval", 1)
                .property("oozie.sla.service.SLAService.check.initial.delay", 1)
                .property("oozie.sla.service.SLAService.check.interval", SlaJobs.CHECK.getSeconds())
                .property("oozie.sla.service.SLAService.job.event.latency", SlaJobs.NEWS_LATENCY.toMillis());
    }

    boolean slas() {
        return slas;
    }

    /** Puts the clock of one server, numbered from 1, so far ahead of this machine's. */
    public ClusterSettings clock(int server, Duration ahead) {
        clocks.put(server, ahead);
        return this;
    }

    Duration clock(int server) {
        return clocks.getOrDefault(server, Duration.ZERO);
    }

    /**
     * Starts a {@link HadoopCluster} with room for that many of Oozie's launchers, whose HDFS becomes every server's default file system and
     * holds its share lib. The servers' shell action can be held in the middle of its submission ({@link Cluster#parking}).
     */
    public ClusterSettings withHadoop(int roomForLaunchers) {
        launchers = roomForLaunchers;
        return this;
    }

    List<HaServices> servers() {
        return servers;
    }

    Map<String, String> properties() {
        return properties;
    }

    Map<String, String> properties(int server) {
        return serverProperties.getOrDefault(server, Collections.emptyMap());
    }

    List<String> services() {
        return moreServices;
    }

    String name() {
        return name;
    }

    int zooKeepers() {
        return zooKeepers;
    }

    List<String> zooKeeperConfig() {
        return zooKeeperConfig;
    }

    List<String> zooKeeperJavaOptions() {
        return zooKeeperJavaOptions;
    }

    Duration tick() {
        return tick;
    }

    Duration session() {
        return session;
    }

    boolean links() {
        return links;
    }

    String serverName(int server) {
        return serverNames.apply(server);
    }

    String balancerName() {
        return balancerName;
    }

    List<String> javaOptions(int server) {
        return javaOptions.apply(server);
    }

    List<String> admins() {
        return admins;
    }

    boolean https() {
        return https;
    }

    boolean login() {
        return login;
    }

    int launchers() {
        return launchers;
    }
}
