package org.oozieha.config;

import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The table of all properties the pack reads, and the only place that names them.
 *
 * <p>The README's table is {@link #markdown()}.
 */
public final class Settings {
    /** Properties of the pack start with this. */
    public static final String PREFIX = "oozie.ha.";

    /** Written by Ambari for its own use; never ours, never unknown. */
    static final String AMBARI_PREFIX = "oozie.ha.authentication.kerberos.";

    private static final long HOUR_MS = 3_600_000;
    private static final Pattern ENSEMBLE = Pattern.compile("([^\\s,/:\\[\\]]+|\\[[0-9A-Fa-f:.%]+])(:\\d{1,5})?"
            + "(\\s*,\\s*([^\\s,/:\\[\\]]+|\\[[0-9A-Fa-f:.%]+])(:\\d{1,5})?)*(/[^\\s/]+)*");
    private static final Pattern NAMESPACE = Pattern.compile("[^\\s/]+(/[^\\s/]+)*");
    private static final Pattern DIGEST_NAME = Pattern.compile("[^\\s:]+");
    private static final Pattern PROTOCOLS = Pattern.compile("TLSv[0-9.]+(,TLSv[0-9.]+)*");
    private static final Pattern STORE_TYPE = Pattern.compile("|JKS|PKCS12|PEM");
    private static final String STORE_TYPES = "JKS, PKCS12 or PEM";
    private static final String HOSTS = "[^\\s,;/:=]+:\\d{1,5}(\\s*,\\s*[^\\s,;/:=]+:\\d{1,5})*";
    private static final String CLUSTER =
            "\\s*[A-Za-z0-9._-]+\\s*=\\s*(" + HOSTS + "|zookeeper:(//" + HOSTS + ")?(/[^\\s/;]+)+)\\s*";
    private static final Pattern CLUSTERS = Pattern.compile(CLUSTER + "(;" + CLUSTER + ")*;?\\s*");
    private static final Pattern SERVER_ID = Pattern.compile("(?!\\.{1,2}$)[^\\s/\\p{Cntrl}]+");

    static final Setting<String> CONNECTION_STRING = Setting.text(
            "oozie.zookeeper.connection.string",
            "localhost:2181",
            "host:port[,host:port...][/chroot]",
            "The ZooKeeper ensemble, versions 3.5.5 to 3.9.",
            text -> checked(ENSEMBLE, text));
    static final Setting<String> NAMESPACE_NAME = Setting.text(
            "oozie.zookeeper.namespace",
            "oozie",
            "a path without leading slash",
            "Everything the cluster keeps in ZooKeeper is below it; the same on all its servers.",
            text -> checked(NAMESPACE, text));
    static final Setting<Boolean> SECURE = Setting.flag(
            "oozie.zookeeper.secure",
            false,
            "Log in to ZooKeeper and give every znode to this login, so that nobody else can use it.");
    static final Setting<String> INSTANCE_ID = Setting.text(
            "oozie.instance.id",
            "",
            "a name without space or slash",
            "Name of this server, unique in the cluster. Default: oozie.http.hostname if it names one host, else this host's name.",
            text -> text.isEmpty() ? text : checked(SERVER_ID, text));
    static final Setting<String> AUTHENTICATION_TYPE = Setting.text(
            "oozie.server.authentication.type",
            "simple",
            "simple, kerberos or a class name",
            "How servers authenticate to each other; org.oozieha.http.PeerAuthenticator for stock Oozie's own calls too.",
            text -> text);
    static final Setting<String> HTTP_AUTHENTICATION_TYPE = Setting.text(
            "oozie.authentication.type",
            "simple",
            "simple, kerberos or a class name",
            "How clients authenticate; servers that use PeerAuthenticator do the same among themselves.",
            text -> text);
    static final Setting<Boolean> KERBEROS = Setting.flag(
            "oozie.service.HadoopAccessorService.kerberos.enabled",
            false,
            "Whether Oozie logs in to Kerberos; with an authentication class of your own, servers call each other under it.");
    static final Setting<String> KEYTAB = Setting.text(
            "oozie.service.HadoopAccessorService.keytab.file",
            "",
            "a file this server's user can read",
            "Keytab with the key of Oozie's principal.",
            text -> text);
    static final Setting<String> PRINCIPAL = Setting.text(
            "oozie.service.HadoopAccessorService.kerberos.principal",
            "",
            "a principal; _HOST in it stands for this host's canonical name",
            "Oozie's principal: servers call each other and log in to ZooKeeper as it; its first part owns the znodes.",
            text -> text);
    static final Setting<String> TRUST_STORE = Setting.text(
            "oozie.https.truststore.file",
            "",
            "a trust store",
            "CAs of the other servers' certificates; javax.net.ssl.trustStore of the JVM comes first, as in stock Oozie.",
            text -> text);
    static final Setting<String> TRUST_STORE_PASSWORD = Setting.text(
            "oozie.https.truststore.pass",
            "",
            "a password, or its name in Hadoop's credential provider",
            "Password of the trust store.",
            text -> text);
    static final Setting<String> HTTP_HOSTNAME = Setting.text(
            "oozie.http.hostname",
            "0.0.0.0",
            "a host name or address",
            "Interface Oozie listens on; announced to the other servers if it names one host.",
            text -> text);
    static final Setting<Long> HTTP_PORT =
            Setting.number("oozie.http.port", 11000, "", 0, 65535, "Port of Oozie; part of the announced URL.");
    static final Setting<Boolean> HTTPS_ENABLED =
            Setting.flag("oozie.https.enabled", false, "Whether the announced URL is https.");
    static final Setting<Long> HTTPS_PORT =
            Setting.number("oozie.https.port", 11443, "", 0, 65535, "TLS port of Oozie; part of the announced URL.");
    static final Setting<Long> JOB_ID_SEQUENCE_MAX = Setting.number(
            "oozie.service.ZKUUIDService.jobid.sequence.max",
            9_999_990,
            "",
            1,
            Long.MAX_VALUE,
            "Last number before the job-id sequence starts again; values above 9999990 count as 9999990.");

    static final Setting<String> SERVER_URL = Setting.text(
            "oozie.ha.server.url",
            "",
            "an http or https URL that names this host, e.g. http://host:11000/oozie",
            "URL under which the other servers reach this one, not the load balancer's. Default: instance id or host name, with"
                    + " Oozie's port.",
            Settings::url);
    static final Setting<Long> SESSION_TIMEOUT = Setting.number(
            "oozie.ha.session.timeout.ms",
            10_000,
            "ms",
            1_000,
            HOUR_MS,
            "ZooKeeper session timeout asked for: a dead server is noticed after it. ZooKeeper's own limits apply.");
    static final Setting<Long> STARTUP_TIMEOUT = Setting.number(
            "oozie.ha.startup.timeout.ms",
            60_000,
            "ms",
            -1,
            24 * HOUR_MS,
            "How long a starting server waits for ZooKeeper; -1: for ever.");
    static final Setting<Long> LOCK_LINGER = Setting.number(
            "oozie.ha.lock.linger.ms",
            2_000,
            "ms",
            0,
            HOUR_MS,
            "How long a released job lock stays with the server unless another one asks for it.");
    static final Setting<Long> ID_BLOCK_SIZE = Setting.number(
            "oozie.ha.id.block.size", 100, "", 1, 100_000, "Job ids a server takes from the shared sequence at once.");
    static final Setting<Fencing> FENCING = Setting.choice(
            "oozie.ha.fencing",
            Fencing.LEASE,
            Fencing.class,
            "What a commit is checked against: this server's lease, a database row, or nothing.");
    static final Setting<Long> FENCE_WAIT = Setting.number(
            "oozie.ha.fence.wait.ms",
            5_000,
            "ms",
            0,
            HOUR_MS,
            "How long a commit waits for a lapsed lease to come back; not above oozie.ha.session.timeout.ms.");
    static final Setting<Long> ZOOKEEPER_TICK = Setting.number(
            "oozie.ha.zookeeper.tick.ms",
            2_000,
            "ms",
            10,
            60_000,
            "tickTime of the ZooKeeper servers; a value below the real one makes the lease unsafe.");
    static final Setting<ZooKeeperLogin> ZOOKEEPER_AUTHENTICATION = Setting.choice(
            "oozie.ha.zookeeper.authentication",
            ZooKeeperLogin.KERBEROS,
            ZooKeeperLogin.class,
            "How this server logs in to ZooKeeper with oozie.zookeeper.secure=true; stock servers can share znodes with kerberos only.");
    static final Setting<String> DIGEST_USER = Setting.text(
            "oozie.ha.zookeeper.digest.user",
            "oozie",
            "a name without colon",
            "User for oozie.ha.zookeeper.authentication=digest.",
            text -> checked(DIGEST_NAME, text));
    static final Setting<String> DIGEST_PASSWORD = Setting.password(
            "oozie.ha.zookeeper.digest.password",
            "Password for oozie.ha.zookeeper.authentication=digest; it crosses the network as it is: use it with TLS.");
    static final Setting<Boolean> SSL_ENABLED = Setting.flag(
            "oozie.ha.zookeeper.ssl.enabled",
            false,
            "Encrypt the connections to ZooKeeper; oozie.zookeeper.connection.string then names its secure ports.");
    static final Setting<String> SSL_PROTOCOLS = Setting.text(
            "oozie.ha.zookeeper.ssl.protocols",
            "TLSv1.3,TLSv1.2",
            "names of TLS versions, separated by commas",
            "Versions of TLS to offer; those the JVM does not know are left out.",
            text -> checked(PROTOCOLS, text.replaceAll("\\s", "")));
    static final Setting<Boolean> SSL_HOSTNAME_VERIFICATION = Setting.flag(
            "oozie.ha.zookeeper.ssl.hostname.verification",
            true,
            "Whether the certificate of a ZooKeeper server must name the host it was reached by.");
    static final Setting<String> SSL_TRUSTSTORE_FILE = Setting.text(
            "oozie.ha.zookeeper.ssl.truststore.file",
            "",
            "a file",
            "Certificates to check ZooKeeper's against. Default: those of the JVM.",
            text -> text);
    static final Setting<String> SSL_TRUSTSTORE_PASSWORD =
            Setting.password("oozie.ha.zookeeper.ssl.truststore.password", "Password of that file.");
    static final Setting<String> SSL_TRUSTSTORE_TYPE = Setting.text(
            "oozie.ha.zookeeper.ssl.truststore.type",
            "",
            STORE_TYPES,
            "Default: by the file's name, else JKS.",
            text -> checked(STORE_TYPE, text));
    static final Setting<String> SSL_KEYSTORE_FILE = Setting.text(
            "oozie.ha.zookeeper.ssl.keystore.file",
            "",
            "a file",
            "Key and certificate to show to ZooKeeper, which asks for them unless its ssl.clientAuth is none.",
            text -> text);
    static final Setting<String> SSL_KEYSTORE_PASSWORD =
            Setting.password("oozie.ha.zookeeper.ssl.keystore.password", "Password of that file and of its key.");
    static final Setting<String> SSL_KEYSTORE_TYPE = Setting.text(
            "oozie.ha.zookeeper.ssl.keystore.type",
            "",
            STORE_TYPES,
            "Default: by the file's name, else JKS.",
            text -> checked(STORE_TYPE, text));
    static final Setting<Long> PEER_CONNECT_TIMEOUT = Setting.number(
            "oozie.ha.peer.connect.timeout.ms", 2_000, "ms", 1, HOUR_MS, "Time to connect to another server.");
    static final Setting<Long> PEER_READ_TIMEOUT = Setting.number(
            "oozie.ha.peer.read.timeout.ms",
            5_000,
            "ms",
            1,
            HOUR_MS,
            "Silence after which another server is asked for a sign of life, and given up if it gives none.");
    static final Setting<Long> PEER_TOTAL_TIMEOUT = Setting.number(
            "oozie.ha.peer.total.timeout.ms",
            20_000,
            "ms",
            1,
            HOUR_MS,
            "Time for another server to begin to answer, and to go on after a pause.");
    static final Setting<Boolean> ACTIVATION_HTTP_CHECK = Setting.flag(
            "oozie.ha.activation.http.check",
            true,
            "Take a share of the work only after the announced URL reached this very server.");
    static final Setting<Long> SERVER_PROBE_TIMEOUT = Setting.number(
            "oozie.ha.server.probe.timeout.ms",
            60_000,
            "ms",
            0,
            24 * HOUR_MS,
            "After this time the server takes its share, with a warning, although its URL did not answer.");
    static final Setting<Boolean> STOCK_CLIENT_ENABLED = Setting.flag(
            "oozie.ha.stock.client.enabled",
            false,
            "Let stock Oozie open its own ZooKeeper session for signing secrets as well.");
    static final Setting<Long> TAKEOVER_BATCH_SIZE = Setting.number(
            "oozie.ha.takeover.batch.size", 50, "", 1, 10_000, "Jobs whose recovery is queued at once in a takeover.");
    static final Setting<Long> DRAIN_TIMEOUT = Setting.number(
            "oozie.ha.drain.timeout.ms",
            30_000,
            "ms",
            0,
            24 * HOUR_MS,
            "How long a stopping server waits for its running work.");
    static final Setting<Long> SHARELIB_UPDATE_TIMEOUT = Setting.number(
            "oozie.ha.sharelib.update.timeout.ms",
            30_000,
            "ms",
            1,
            HOUR_MS,
            "How long sharelibupdate waits for the other servers.");
    static final Setting<Long> SLA_SWEEP_INTERVAL = Setting.number(
            "oozie.ha.sla.sweep.interval.ms",
            600_000,
            "ms",
            1_000,
            24 * HOUR_MS,
            "How often a server reads all open SLAs of its share; what was written lately it reads at each SLA check.");
    static final Setting<String> HCAT_CLUSTERS = Setting.text(
            "oozie.ha.hcat.clusters",
            "",
            "name=host:port[,host:port...] or name=zookeeper:/path or name=zookeeper://host:port[,...]/path; several with ;",
            "Logical names for hcat://name/db/table, each with its metastores or the znode they register in. Without hosts: the ensemble"
                    + " Oozie uses.",
            text -> text.isEmpty() ? text : checked(CLUSTERS, text));
    static final Setting<Long> HCAT_CALL_TIMEOUT = Setting.number(
            "oozie.ha.hcat.call.timeout.ms",
            20_000,
            "ms",
            1_000,
            HOUR_MS,
            "Silence after which a metastore of a logical name, or one that waiting actions are looked up in, counts as dead, unless hive.metastore.client.socket.timeout is set. One other of the name is always tried after it.");
    static final Setting<Long> HCAT_CHECK_BATCH_SIZE = Setting.number(
            "oozie.ha.hcat.check.batch.size",
            50,
            "",
            1,
            10_000,
            "Partitions that are looked up in the metastore in one go after actions were registered.");
    static final Setting<Boolean> HCAT_JMS_DURABLE = Setting.flag(
            "oozie.ha.hcat.jms.durable",
            false,
            "Subscribe durably, with the instance id as client id, so that the broker keeps messages while this server is away.");

    private static final List<Setting<?>> ALL = Collections.unmodifiableList(Arrays.asList(
            CONNECTION_STRING,
            NAMESPACE_NAME,
            SECURE,
            INSTANCE_ID,
            AUTHENTICATION_TYPE,
            HTTP_AUTHENTICATION_TYPE,
            KERBEROS,
            KEYTAB,
            PRINCIPAL,
            HTTP_HOSTNAME,
            HTTP_PORT,
            HTTPS_ENABLED,
            HTTPS_PORT,
            TRUST_STORE,
            TRUST_STORE_PASSWORD,
            JOB_ID_SEQUENCE_MAX,
            SERVER_URL,
            SESSION_TIMEOUT,
            STARTUP_TIMEOUT,
            LOCK_LINGER,
            ID_BLOCK_SIZE,
            FENCING,
            FENCE_WAIT,
            ZOOKEEPER_TICK,
            ZOOKEEPER_AUTHENTICATION,
            DIGEST_USER,
            DIGEST_PASSWORD,
            SSL_ENABLED,
            SSL_PROTOCOLS,
            SSL_HOSTNAME_VERIFICATION,
            SSL_TRUSTSTORE_FILE,
            SSL_TRUSTSTORE_PASSWORD,
            SSL_TRUSTSTORE_TYPE,
            SSL_KEYSTORE_FILE,
            SSL_KEYSTORE_PASSWORD,
            SSL_KEYSTORE_TYPE,
            PEER_CONNECT_TIMEOUT,
            PEER_READ_TIMEOUT,
            PEER_TOTAL_TIMEOUT,
            ACTIVATION_HTTP_CHECK,
            SERVER_PROBE_TIMEOUT,
            STOCK_CLIENT_ENABLED,
            TAKEOVER_BATCH_SIZE,
            DRAIN_TIMEOUT,
            SHARELIB_UPDATE_TIMEOUT,
            SLA_SWEEP_INTERVAL,
            HCAT_CLUSTERS,
            HCAT_CALL_TIMEOUT,
            HCAT_CHECK_BATCH_SIZE,
            HCAT_JMS_DURABLE));

    private Settings() {}

    /** All rows, stock Oozie's properties first. */
    public static List<Setting<?>> all() {
        return ALL;
    }

    /** The table in Markdown, one row a line, as the README has it. */
    public static String markdown() {
        StringBuilder table =
                new StringBuilder("| property | default | unit | allowed | meaning |\n|---|---|---|---|---|\n");
        for (Setting<?> setting : ALL) {
            String byDefault = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
            table.append("| `").append(setting.key()).append("` | ").append(byDefault);
            table.append(" | ").append(setting.unit()).append(" | ").append(setting.allowed());
            table.append(" | ").append(setting.description()).append(" |\n");
        }
        return table.toString().replace("|  |", "| |").replace("|  |", "| |");
    }

    private static String checked(Pattern shape, String text) {
        Setting.require(shape.matcher(text).matches());
        return text;
    }

    private static String url(String text) {
        if (text.isEmpty()) {
            return text;
        }
        URI uri = URI.create(text);
        Setting.require("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
        Setting.require(uri.getHost() != null && !ServerAddress.isWildcard(uri.getHost()));
        Setting.require(uri.getQuery() == null && uri.getFragment() == null && uri.getUserInfo() == null);
        return text.replaceAll("/+$", "");
    }
}
