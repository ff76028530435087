package org.oozieha.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads an oozie-site.xml without Oozie or Hadoop. */
final class OozieSite {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}$]+)}");
    private static final int DEEPEST = 20;

    private OozieSite() {}

    /**
     * @param file an oozie-site.xml, or the directory that holds one
     * @return its properties, with variables replaced by other properties of the file or by system properties
     */
    static Map<String, String> read(Path file) throws CannotTellException {
        Path site = Files.isDirectory(file) ? file.resolve("oozie-site.xml") : file;
        Map<String, String> raw = new HashMap<>();
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            Document document = builder.parse(site.toFile());
            NodeList properties = document.getElementsByTagName("property");
            for (int i = 0; i < properties.getLength(); i++) {
                Element property = (Element) properties.item(i);
                raw.put(child(property, "name"), child(property, "value"));
            }
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new CannotTellException("Cannot read " + site + ": " + e.getMessage(), e);
        }
        Map<String, String> resolved = new HashMap<>();
        raw.forEach((name, value) -> resolved.put(name, resolve(value, raw)));
        return resolved;
    }

    private static String child(Element property, String name) {
        NodeList children = property.getElementsByTagName(name);
        return children.getLength() == 0
                ? ""
                : children.item(0).getTextContent().trim();
    }

    private static String resolve(String value, Map<String, String> raw) {
        String resolved = value;
        for (int depth = 0; depth < DEEPEST; depth++) {
            Matcher variable = VARIABLE.matcher(resolved);
            StringBuffer next = new StringBuffer();
            boolean changed = false;
            while (variable.find()) {
                String name = variable.group(1);
                String replacement = System.getProperty(name, raw.get(name));
                changed |= replacement != null;
                variable.appendReplacement(
                        next, Matcher.quoteReplacement(replacement == null ? variable.group() : replacement));
            }
            resolved = variable.appendTail(next).toString();
            if (!changed) {
                return resolved;
            }
        }
        return resolved;
    }
}
