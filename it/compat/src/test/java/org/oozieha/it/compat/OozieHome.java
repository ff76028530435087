package org.oozieha.it.compat;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A home directory with the least a server needs: an in-memory database, a local file system, one oozie-site.xml. */
final class OozieHome {
    private final Path home;
    private final Map<String, String> site = new LinkedHashMap<>();

    OozieHome(String name) {
        home = Paths.get(System.getProperty("compat.homes")).resolve(name);
        set("oozie.service.JPAService.jdbc.driver", "org.hsqldb.jdbcDriver");
        set("oozie.service.JPAService.jdbc.url", "jdbc:hsqldb:mem:oozie");
        set("oozie.service.JPAService.jdbc.username", "sa");
        set("oozie.service.JPAService.jdbc.password", "");
        set("oozie.service.JPAService.create.db.schema", "true");
        set("oozie.service.JPAService.validate.db.connection", "false");
        set("oozie.service.SchemaCheckerService.check.interval", "0");
        set("oozie.service.HadoopAccessorService.supported.filesystems", "*");
        set("oozie.service.HadoopAccessorService.hadoop.configurations", "*=hadoop-conf");
        set("oozie.service.HadoopAccessorService.action.configurations", "*=action-conf");
        set("oozie.service.WorkflowAppService.system.libpath", "file://" + home.resolve("share"));
        set("oozie.service.AuthorizationService.security.enabled", "false");
        set("oozie.service.URIHandlerService.uri.handlers", "org.apache.oozie.dependency.FSURIHandler");
        set("oozie.instance.id", name);
        set("oozie.http.hostname", "127.0.0.1");
    }

    OozieHome set(String key, String value) {
        site.put(key, value);
        return this;
    }

    OozieHome setAll(Map<String, String> properties) {
        site.putAll(properties);
        return this;
    }

    /** What {@link OozieBoot} reported, without the services' logs; fails with them when the boot failed. */
    List<String> boot(ClassPath jars, List<String> expected) throws Exception {
        write();
        List<String> command = new ArrayList<>(Arrays.asList(
                Paths.get(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + home.resolve("tmp"),
                "-Doozie.home.dir=" + home,
                "-Doozie.config.dir=" + home.resolve("conf"),
                "-Doozie.data.dir=" + home.resolve("data"),
                "-Doozie.log.dir=" + home.resolve("logs"),
                "-cp",
                ownClasses() + System.getProperty("path.separator") + jars,
                OozieBoot.class.getName()));
        command.addAll(expected);
        Path out = home.resolve("out.txt");
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            long seconds = 120L * Integer.getInteger("it.timing.scale", 1);
            assertTrue("still running after " + seconds + " s, see " + out, process.waitFor(seconds, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        List<String> reported = new ArrayList<>();
        List<String> all = Files.readAllLines(out, StandardCharsets.UTF_8);
        for (String line : all) {
            if (line.startsWith(":")) {
                reported.add(line.substring(1).trim());
            }
        }
        assertTrue("exit status " + process.exitValue() + ", " + String.join("\n", all), process.exitValue() == 0);
        return reported;
    }

    private void write() throws IOException {
        for (String directory : Arrays.asList("conf/hadoop-conf", "conf/action-conf", "data", "logs", "tmp", "share")) {
            Files.createDirectories(home.resolve(directory));
        }
        write("conf/hadoop-conf/core-site.xml", properties(Collections.singletonMap("fs.defaultFS", "file:///")));
        write("conf/oozie-site.xml", properties(site));
        write(
                "conf/oozie-log4j.properties",
                "log4j.rootLogger=INFO, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\n"
                        + "log4j.appender.out.layout=org.apache.log4j.PatternLayout\n"
                        + "log4j.appender.out.layout.ConversionPattern=%d %p %c - %m%n\n");
    }

    private void write(String file, String text) throws IOException {
        Files.write(home.resolve(file), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String properties(Map<String, String> properties) {
        StringBuilder xml = new StringBuilder("<configuration>\n");
        properties.forEach((key, value) -> xml.append("  <property><name>")
                .append(key)
                .append("</name><value>")
                .append(value.replace("&", "&amp;").replace("<", "&lt;"))
                .append("</value></property>\n"));
        return xml.append("</configuration>\n").toString();
    }

    private static Path ownClasses() throws URISyntaxException {
        return Paths.get(OozieHome.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
