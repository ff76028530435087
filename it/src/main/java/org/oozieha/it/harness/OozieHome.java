package org.oozieha.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The directory of one server, laid out as Oozie's distribution lays it out: {@code conf}, {@code logs}, {@code data}, and
 * {@code embedded-oozie-server/webapp/WEB-INF/lib}, the one directory whose jars are on the class path and are searched for
 * web fragments.
 */
public final class OozieHome {
    private final Path dir;

    private OozieHome(Path dir) {
        this.dir = dir;
    }

    /** Lays the directory out for a server with these services; the pack's jars are dropped in if it needs them. */
    public static OozieHome layOut(Path dir, Workspace workspace, HaServices services, List<String> admins) {
        OozieHome home = new OozieHome(dir);
        Directories.create(home.logs());
        Directories.create(home.data());
        Directories.create(home.tmp());
        Directories.create(home.lib());
        Directories.create(home.conf().resolve("action-conf"));
        Directories.create(home.conf().resolve("hadoop-conf"));
        home.write("conf/adminusers.txt", admins);
        home.write("conf/oozie-log4j.properties", resource("/oozie-log4j.properties"));
        home.write("embedded-oozie-server/webapp/index.html", Collections.singletonList("<html>Oozie</html>"));
        workspace.stockJars().forEach(home::link);
        home.install(workspace.serverSideJar());
        if (services.needPackJars()) {
            workspace.packJars().forEach(home::install);
        }
        return home;
    }

    private void install(Path jar) {
        try {
            Files.copy(jar, lib().resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + jar + " to " + lib(), e);
        }
    }

    /** Puts a jar of Oozie's own on the server's class path. */
    void link(Path jar) {
        try {
            Files.createSymbolicLink(lib().resolve(jar.getFileName()), jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String file, List<String> lines) {
        try {
            Files.write(dir.resolve(file), lines, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> resource(String name) {
        try (InputStream in = OozieHome.class.getResourceAsStream(name)) {
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String classPath() {
        return conf() + ":" + dir.resolve("embedded-oozie-server") + ":" + lib() + "/*";
    }

    public Path dir() {
        return dir;
    }

    public Path conf() {
        return dir.resolve("conf");
    }

    public Path logs() {
        return dir.resolve("logs");
    }

    public Path data() {
        return dir.resolve("data");
    }

    public Path tmp() {
        return dir.resolve("tmp");
    }

    private Path lib() {
        return dir.resolve("embedded-oozie-server/webapp/WEB-INF/lib");
    }
}
