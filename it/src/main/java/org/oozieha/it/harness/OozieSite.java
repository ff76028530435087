package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A Hadoop-style configuration file in the making: {@code oozie-site.xml}, {@code core-site.xml}. */
public final class OozieSite {
    private final Map<String, String> properties = new TreeMap<>();

    public OozieSite set(String key, Object value) {
        properties.put(key, String.valueOf(value));
        return this;
    }

    /** The database Oozie uses. */
    public OozieSite setDatabase(String url) {
        return set("oozie.service.JPAService.jdbc.driver", "org.postgresql.Driver")
                .set("oozie.service.JPAService.jdbc.url", url)
                .set("oozie.service.JPAService.jdbc.username", "postgres")
                .set("oozie.service.JPAService.jdbc.password", "postgres");
    }

    public OozieSite setAll(Map<String, String> more) {
        properties.putAll(more);
        return this;
    }

    public void write(Path file) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n");
        properties.forEach((key, value) -> xml.append("  <property><name>")
                .append(key)
                .append("</name><value>")
                .append(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                .append("</value></property>\n"));
        xml.append("</configuration>\n");
        try {
            Files.write(file, xml.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
