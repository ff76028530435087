package org.oozieha.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.oozieha.config.HaConfig;
import org.oozieha.config.HaConfigException;
import picocli.CommandLine.Option;

/** Where the cluster's ZooKeeper is: said by options, else read from Oozie's configuration. */
final class Connection {
    private static final String CREDENTIAL_PROVIDERS = "hadoop.security.credential.provider.path";

    @Option(
            names = "--connect",
            paramLabel = "HOST:PORT,...",
            description = "ZooKeeper ensemble; default: oozie.zookeeper.connection.string of the configuration.")
    private String connect;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Default: oozie.zookeeper.namespace of the configuration, else oozie.")
    private String namespace;

    @Option(
            names = "--oozie-config",
            paramLabel = "PATH",
            description = "oozie-site.xml or its directory; default: the directory in OOZIE_CONFIG, if set.")
    private Path oozieConfig;

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "Sets or overrides a property of the configuration.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for ZooKeeper; default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    HaConfig config() throws CannotTellException {
        Map<String, String> texts = new HashMap<>();
        Path site = oozieConfig == null ? fromEnvironment() : oozieConfig;
        if (site != null) {
            texts.putAll(OozieSite.read(site));
        }
        texts.putAll(properties);
        if (connect != null) {
            texts.put("oozie.zookeeper.connection.string", connect);
        }
        if (namespace != null) {
            texts.put("oozie.zookeeper.namespace", namespace);
        }
        if (!texts.containsKey("oozie.zookeeper.connection.string")) {
            throw new CannotTellException(
                    "Where is ZooKeeper? Give --connect, or --oozie-config with an oozie-site.xml.", null);
        }
        try {
            addPasswords(texts);
            return HaConfig.of(texts);
        } catch (HaConfigException e) {
            throw new CannotTellException(e.getMessage(), e);
        }
    }

    /** Only Hadoop can read its credential providers, and its classes are here only if somebody put them on the class path. */
    private static void addPasswords(Map<String, String> texts) throws CannotTellException, HaConfigException {
        if (!texts.containsKey(CREDENTIAL_PROVIDERS)) {
            return;
        }
        try {
            Configuration conf = new Configuration(false);
            texts.forEach(conf::set);
            texts.putAll(HaConfig.passwords(conf));
        } catch (NoClassDefFoundError e) {
            throw new CannotTellException(
                    CREDENTIAL_PROVIDERS
                            + " is set, but Hadoop's classes are not there to read it: name Oozie's jars in"
                            + " OOZIE_HA_CLASSPATH, e.g. $OOZIE_HOME/embedded-oozie-server/webapp/WEB-INF/lib/*",
                    e);
        }
    }

    int timeoutMs() {
        return Math.max(1, timeoutSeconds) * 1000;
    }

    private static Path fromEnvironment() {
        String directory = System.getenv("OOZIE_CONFIG");
        Path site = directory == null ? null : Paths.get(directory, "oozie-site.xml");
        return site != null && Files.isReadable(site) ? site : null;
    }
}
