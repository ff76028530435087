package org.oozieha.it.compat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads the properties of a sample in the form the manager takes them. */
final class Sample {
    private static final Pattern ROW = Pattern.compile("\\| (oozie\\.\\S+) \\| (.+?) \\|");

    private Sample() {}

    /** A whole oozie-site.xml, or a snippet of property elements without a root. */
    static Map<String, String> xml(String file) throws Exception {
        String text = read(file).replaceFirst("<\\?xml[^>]*>", "");
        String document = text.contains("<configuration>") ? text : "<configuration>" + text + "</configuration>";
        NodeList properties = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("property");
        Map<String, String> read = new LinkedHashMap<>();
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            read.put(text(property, "name").trim(), text(property, "value"));
        }
        return read;
    }

    /** Lines of key=value, as Ambari's bulk mode takes them. */
    static Map<String, String> lines(String file) throws IOException {
        Map<String, String> read = new LinkedHashMap<>();
        for (String line : read(file).split("\n")) {
            if (!line.startsWith("#") && line.contains("=")) {
                read.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
        return read;
    }

    /** The rows of a table of parameters and values. */
    static Map<String, String> table(String file) throws IOException {
        Map<String, String> read = new LinkedHashMap<>();
        Matcher rows = ROW.matcher(read(file));
        while (rows.find()) {
            read.put(rows.group(1), rows.group(2));
        }
        return read;
    }

    private static String text(Element property, String name) {
        return property.getElementsByTagName(name).item(0).getTextContent();
    }

    private static String read(String file) throws IOException {
        Path path = ClassPath.distribution().resolve("conf").resolve(file);
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    }
}
