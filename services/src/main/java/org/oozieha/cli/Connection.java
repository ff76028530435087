package org.oozieha.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.oozieha.config.HaConfig;
import org.oozieha.config.HaConfigException;
import picocli.CommandLine.Option;

/** Where the cluster's ZooKeeper is: said by options, else read from Oozie's configuration. */
final class Connection {
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
            return HaConfig.of(texts);
        } catch (HaConfigException e) {
            throw new CannotTellException(e.getMessage(), e);
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
