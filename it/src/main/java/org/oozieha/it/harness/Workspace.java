package org.oozieha.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The directory of one run, {@code it/target/<run>}, empty at first, and what the build left for it: the class path of a
 * stock server, the distribution, the jar that runs inside servers.
 *
 * <p>System properties: {@code it.basedir} (the module's directory), {@code it.version} (the project's version).
 */
public final class Workspace {
    private final Path module;
    private final Path dir;
    private final String version;

    private Workspace(Path module, Path dir, String version) {
        this.module = module;
        this.dir = dir;
        this.version = version;
    }

    /** An empty workspace of that name; an older run's files are deleted. */
    public static Workspace emptied(String run) {
        Path module = Paths.get(System.getProperty("it.basedir", "")).toAbsolutePath();
        Path dir = module.resolve("target").resolve(run);
        Directories.delete(dir);
        return new Workspace(module, Directories.create(dir), System.getProperty("it.version", "1.0.0-SNAPSHOT"));
    }

    public Path dir() {
        return dir;
    }

    /** A directory of the run, created. */
    public Path dir(String name) {
        return Directories.create(dir.resolve(name));
    }

    /** Where PostgreSQL's programs are unpacked, once for all runs: a running server needs them to the end. */
    Path postgresPrograms() {
        return Directories.create(module.resolve("target/postgres"));
    }

    /** Deletes what is large and of no use once a run is over: the database's files and copies of jars; logs stay. */
    public void deleteBulk() {
        Directories.delete(dir.resolve("postgres"));
        Directories.delete(dir.resolve("pack"));
        Directories.delete(dir.resolve("hadoop/dfs"));
        Directories.delete(dir.resolve("hadoop/local"));
        for (Path server : Directories.list(dir, "oozie-", "")) {
            Directories.delete(server.resolve("embedded-oozie-server"));
        }
    }

    /** Every jar a stock server runs with. */
    List<Path> stockJars() {
        return Directories.list(module.resolve("stock/target/lib"), "", ".jar");
    }

    /** The class path of a stock tool or server, as {@code java -cp} takes it. */
    String stockClassPath() {
        return module.resolve("stock/target/lib") + "/*";
    }

    /** The jars of HCatalog's client that Oozie's war has beside the server's dependencies. */
    List<Path> hcatalogJars() {
        return Directories.list(module.resolve("hive/target/client"), "", ".jar");
    }

    /** Those of them that talk to a message broker. */
    List<Path> messagingJars() {
        return hcatalogJars().stream()
                .filter(jar -> jar.getFileName().toString().matches("(activemq|hawtbuf|geronimo-j2ee).*"))
                .collect(Collectors.toList());
    }

    /** The class path of a metastore and a message broker. */
    String hiveClassPath() {
        return existing(module.resolve("hive/target/classes")) + ":" + module.resolve("hive/target/lib") + "/*";
    }

    /** The jars of a server's class path whose names start so. */
    List<Path> stockJars(String prefix) {
        return Directories.list(module.resolve("stock/target/lib"), prefix, ".jar");
    }

    /** The class path of Hadoop's daemons and of YARN containers. */
    String hadoopClassPath() {
        return existing(module.resolve("hadoop/target/lib")) + "/*";
    }

    /** The jar with what the harness runs inside servers. */
    Path serverSideJar() {
        return existing(module.resolve("target/oozie-ha-it-" + version + "-server-side.jar"));
    }

    /** The pack's jars: from the unpacked distribution, or the services jar alone while there is no distribution. */
    synchronized List<Path> packJars() {
        Path tarball = module.resolve("../conf-samples/target/oozie-ha-" + version + ".tar.gz");
        if (!Files.exists(tarball)) {
            return Collections.singletonList(
                    existing(module.resolve("../services/target/oozie-ha-services-" + version + ".jar")));
        }
        Path home = packHome();
        if (!Files.exists(home)) {
            List<String> tar = Arrays.asList("tar", "-xzf", tarball.normalize().toString());
            int exit = ChildProcess.start("tar", dir("pack"), tar).awaitExit(Duration.ofMinutes(1));
            if (exit != 0) {
                throw new IllegalStateException("tar -xzf " + tarball + " ended with " + exit);
            }
        }
        return Directories.list(home.resolve("lib"), "oozie-ha-", ".jar");
    }

    /** The distribution, unpacked for the first server with the pack. */
    Path packHome() {
        return dir.resolve("pack/oozie-ha-" + version);
    }

    private static Path existing(Path file) {
        if (!Files.exists(file)) {
            throw new IllegalStateException(
                    "no " + file.normalize() + ": build it first, e.g. mvn package -pl it -am -Dsuite.skip");
        }
        return file.normalize();
    }
}
