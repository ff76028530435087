package org.oozieha.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pack's configuration: one value, read once, checked as a whole.
 *
 * <p>Guarantee: an object of this type holds allowed values only. On failure, {@link HaConfigException} names the property, its value
 * and what is allowed. Durations are in milliseconds. Immutable.
 */
public final class HaConfig {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.config");

    private static final Pattern PRINCIPAL_SHAPE = Pattern.compile("[^\\s/@$]+(/[^\\s/@$]+)?(@[^\\s/@$]+)?");
    private static final long HIGHEST_SEQUENCE_MAX = 9_999_990;

    private final Map<Setting<?>, Object> values;
    private final ServerAddress address;
    private final long fenceWaitMs;
    private final String fullPrincipal;
    private final List<String> warnings;

    private HaConfig(Map<String, String> texts, HostNames names) throws HaConfigException {
        Map<Setting<?>, Object> read = new HashMap<>();
        for (Setting<?> setting : Settings.all()) {
            read.put(setting, setting.parse(texts.get(setting.key())));
        }
        values = Collections.unmodifiableMap(read);
        address = ServerAddress.of(
                get(Settings.SERVER_URL),
                get(Settings.INSTANCE_ID),
                get(Settings.HTTP_HOSTNAME),
                get(Settings.HTTPS_ENABLED),
                get(Settings.HTTPS_ENABLED) ? get(Settings.HTTPS_PORT) : get(Settings.HTTP_PORT),
                names);
        fenceWaitMs = fenceWait(texts.get(Settings.FENCE_WAIT.key()));
        fullPrincipal = principal()
                .replaceFirst("/_HOST(?=@|$)", "/" + names.canonical().toLowerCase(Locale.ROOT));
        requireLogin();
        List<String> found = unknown(texts.keySet());
        if (get(Settings.JOB_ID_SEQUENCE_MAX) > HIGHEST_SEQUENCE_MAX) {
            found.add("Property [" + Settings.JOB_ID_SEQUENCE_MAX.key() + "] is above " + HIGHEST_SEQUENCE_MAX
                    + ", which counts instead: the number in a job id has seven digits");
        }
        warnings = Collections.unmodifiableList(found);
    }

    /**
     * Reads Oozie's configuration, system properties included as Oozie has merged them, and logs what in it has no effect.
     *
     * @throws HaConfigException if a value is not allowed
     */
    public static HaConfig from(Configuration conf) throws HaConfigException {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, String> entry : conf) {
            if (entry.getKey().startsWith("oozie.")) {
                texts.put(entry.getKey(), conf.get(entry.getKey()));
            }
        }
        texts.putAll(passwords(conf));
        HaConfig config = of(texts);
        config.warnings.forEach(LOG::warn);
        StockSettings.notRead(OperatorSettings.keys(conf)).forEach(LOG::info);
        return config;
    }

    /**
     * The passwords of the pack that are set, from the credential providers in {@code conf} if they have them, else from {@code conf}
     * itself.
     */
    public static Map<String, String> passwords(Configuration conf) throws HaConfigException {
        Map<String, String> found = new HashMap<>();
        for (Setting<?> setting : Settings.all()) {
            if (setting.isPassword()) {
                try {
                    char[] password = conf.getPassword(setting.key());
                    if (password != null) {
                        found.put(setting.key(), new String(password));
                    }
                } catch (IOException e) {
                    throw new HaConfigException(
                            "Property [" + setting.key() + "] cannot be read from the credential providers in"
                                    + " [hadoop.security.credential.provider.path]: " + e.getMessage(),
                            e);
                }
            }
        }
        return found;
    }

    /** Reads properties given as texts, e.g. those of an oozie-site.xml; logs nothing. */
    public static HaConfig of(Map<String, String> texts) throws HaConfigException {
        return of(texts, HostNames.SYSTEM);
    }

    static HaConfig of(Map<String, String> texts, HostNames names) throws HaConfigException {
        return new HaConfig(texts, names);
    }

    @SuppressWarnings("unchecked") // a setting's parser made the value
    private <T> T get(Setting<T> setting) {
        return (T) values.get(setting);
    }

    private long fenceWait(String text) throws HaConfigException {
        long wait = get(Settings.FENCE_WAIT);
        if (wait <= sessionTimeoutMs()) {
            return wait;
        }
        if (text == null || text.trim().isEmpty()) {
            return sessionTimeoutMs();
        }
        throw new HaConfigException(
                Settings.FENCE_WAIT.key(),
                text,
                "0 to " + sessionTimeoutMs() + ", the value of " + Settings.SESSION_TIMEOUT.key());
    }

    private void requireLogin() throws HaConfigException {
        if (!secure()) {
            return;
        }
        String why = ", since " + Settings.SECURE.key() + "=true and " + Settings.ZOOKEEPER_AUTHENTICATION.key() + "="
                + zookeeperLogin().name().toLowerCase(Locale.ROOT);
        if (zookeeperLogin() == ZooKeeperLogin.DIGEST) {
            require(Settings.DIGEST_PASSWORD, why);
        } else {
            require(Settings.KEYTAB, why);
            if (!PRINCIPAL_SHAPE.matcher(principal()).matches()) {
                throw new HaConfigException(
                        Settings.PRINCIPAL.key(), principal(), "a principal such as oozie/_HOST@REALM" + why);
            }
        }
    }

    private void require(Setting<String> setting, String why) throws HaConfigException {
        if (get(setting).isEmpty()) {
            throw new HaConfigException(setting.key(), "", setting.allowed() + why);
        }
    }

    private static List<String> unknown(Set<String> keys) {
        List<String> known = Settings.all().stream().map(Setting::key).collect(Collectors.toList());
        List<String> lines = new ArrayList<>();
        for (String key : new TreeSet<>(keys)) {
            if (key.startsWith(Settings.PREFIX) && !key.startsWith(Settings.AMBARI_PREFIX) && !known.contains(key)) {
                String meant = NearestName.of(key, known)
                        .map(name -> "; did you mean [" + name + "]?")
                        .orElse("");
                lines.add("Property [" + key + "] is not known to the HA pack and has no effect" + meant);
            }
        }
        return lines;
    }

    /** What was found to have no effect, one sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    public String connectionString() {
        return get(Settings.CONNECTION_STRING);
    }

    /** Without leading slash. */
    public String namespace() {
        return get(Settings.NAMESPACE_NAME);
    }

    /** Whether znodes are protected; then there is all that {@link #zookeeperLogin} needs. */
    public boolean secure() {
        return get(Settings.SECURE);
    }

    public ZooKeeperLogin zookeeperLogin() {
        return get(Settings.ZOOKEEPER_AUTHENTICATION);
    }

    /** Empty if it is not set. */
    public String keytab() {
        return get(Settings.KEYTAB);
    }

    /** As it was written, {@code _HOST} included; empty if it is not set. */
    public String principal() {
        return get(Settings.PRINCIPAL);
    }

    /** With this host's canonical name for {@code _HOST}; empty if it is not set. */
    public String fullPrincipal() {
        return fullPrincipal;
    }

    public String digestUser() {
        return get(Settings.DIGEST_USER);
    }

    public String digestPassword() {
        return get(Settings.DIGEST_PASSWORD);
    }

    public boolean zookeeperSsl() {
        return get(Settings.SSL_ENABLED);
    }

    public List<String> sslProtocols() {
        return Collections.unmodifiableList(
                Arrays.asList(get(Settings.SSL_PROTOCOLS).split(",")));
    }

    public boolean sslHostnameVerification() {
        return get(Settings.SSL_HOSTNAME_VERIFICATION);
    }

    /** Empty for the certificates of the JVM. */
    public String sslTruststoreFile() {
        return get(Settings.SSL_TRUSTSTORE_FILE);
    }

    public String sslTruststorePassword() {
        return get(Settings.SSL_TRUSTSTORE_PASSWORD);
    }

    /** Empty: by the file's name. */
    public String sslTruststoreType() {
        return get(Settings.SSL_TRUSTSTORE_TYPE);
    }

    /** Empty if there is none. */
    public String sslKeystoreFile() {
        return get(Settings.SSL_KEYSTORE_FILE);
    }

    public String sslKeystorePassword() {
        return get(Settings.SSL_KEYSTORE_PASSWORD);
    }

    /** Empty: by the file's name. */
    public String sslKeystoreType() {
        return get(Settings.SSL_KEYSTORE_TYPE);
    }

    /** Name of this server; never empty. */
    public String instanceId() {
        return address.id();
    }

    /** URL under which other servers reach this one, without trailing slash; never a wildcard address. */
    public String serverUrl() {
        return address.url();
    }

    /** {@code simple}, {@code kerberos} or the name of an authenticator class. */
    public String authenticationType() {
        return get(Settings.AUTHENTICATION_TYPE);
    }

    /** As {@link #authenticationType}, for clients. */
    public String httpAuthenticationType() {
        return get(Settings.HTTP_AUTHENTICATION_TYPE);
    }

    /** Whether Oozie itself logs in to Kerberos. */
    public boolean kerberos() {
        return get(Settings.KERBEROS);
    }

    /** Empty if it is not set. */
    public String trustStore() {
        return get(Settings.TRUST_STORE);
    }

    /** For {@code Configuration.getPassword}, which also asks credential providers. */
    public String trustStorePasswordKey() {
        return Settings.TRUST_STORE_PASSWORD.key();
    }

    /** Where the job-id sequence starts again; at most 9999990, so that a number has seven digits. */
    public long jobIdSequenceMax() {
        return Math.min(get(Settings.JOB_ID_SEQUENCE_MAX), HIGHEST_SEQUENCE_MAX);
    }

    /** Asked for; what ZooKeeper grants may differ. */
    public int sessionTimeoutMs() {
        return get(Settings.SESSION_TIMEOUT).intValue();
    }

    /** -1 means for ever. */
    public long startupTimeoutMs() {
        return get(Settings.STARTUP_TIMEOUT);
    }

    public long lockLingerMs() {
        return get(Settings.LOCK_LINGER);
    }

    public int idBlockSize() {
        return get(Settings.ID_BLOCK_SIZE).intValue();
    }

    public Fencing fencing() {
        return get(Settings.FENCING);
    }

    /** At most {@link #sessionTimeoutMs}. */
    public long fenceWaitMs() {
        return fenceWaitMs;
    }

    public long zookeeperTickMs() {
        return get(Settings.ZOOKEEPER_TICK);
    }

    public int peerConnectTimeoutMs() {
        return get(Settings.PEER_CONNECT_TIMEOUT).intValue();
    }

    public int peerReadTimeoutMs() {
        return get(Settings.PEER_READ_TIMEOUT).intValue();
    }

    public long peerTotalTimeoutMs() {
        return get(Settings.PEER_TOTAL_TIMEOUT);
    }

    public boolean activationHttpCheck() {
        return get(Settings.ACTIVATION_HTTP_CHECK);
    }

    public long serverProbeTimeoutMs() {
        return get(Settings.SERVER_PROBE_TIMEOUT);
    }

    public boolean stockClientEnabled() {
        return get(Settings.STOCK_CLIENT_ENABLED);
    }

    public int takeoverBatchSize() {
        return get(Settings.TAKEOVER_BATCH_SIZE).intValue();
    }

    public long drainTimeoutMs() {
        return get(Settings.DRAIN_TIMEOUT);
    }

    public long sharelibUpdateTimeoutMs() {
        return get(Settings.SHARELIB_UPDATE_TIMEOUT);
    }

    public long slaSweepIntervalMs() {
        return get(Settings.SLA_SWEEP_INTERVAL);
    }

    /** In the form the property has; empty for none. */
    public String hcatClusters() {
        return get(Settings.HCAT_CLUSTERS);
    }

    public long hcatCallTimeoutMs() {
        return get(Settings.HCAT_CALL_TIMEOUT);
    }

    public int hcatCheckBatchSize() {
        return get(Settings.HCAT_CHECK_BATCH_SIZE).intValue();
    }

    public boolean hcatJmsDurable() {
        return get(Settings.HCAT_JMS_DURABLE);
    }
}
