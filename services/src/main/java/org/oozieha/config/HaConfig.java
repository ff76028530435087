package org.oozieha.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    private static final long HIGHEST_SEQUENCE_MAX = 9_999_990;

    private final Map<Setting<?>, Object> values;
    private final ServerAddress address;
    private final long fenceWaitMs;
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
        HaConfig config = of(texts);
        config.warnings.forEach(LOG::warn);
        StockSettings.notRead(OperatorSettings.keys(conf)).forEach(LOG::info);
        return config;
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

    public boolean secure() {
        return get(Settings.SECURE);
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
