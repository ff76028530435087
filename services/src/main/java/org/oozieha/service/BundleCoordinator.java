package org.oozieha.service;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.StringBlob;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.command.bundle.BundleCoordSubmitXCommand;
import org.apache.oozie.util.ELUtils;
import org.apache.oozie.util.JobUtils;
import org.apache.oozie.util.XConfiguration;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * The submission of one coordinator of a recorded bundle.
 *
 * <p>A coordinator that was submitted already, though its bundle does not know yet, is left to Oozie's own recovery. Source: how its
 * configuration is made of the bundle's, from Oozie 5.2.1's RecoveryService.
 */
final class BundleCoordinator {
    private static final String BUNDLE = "select b.id, b.jobXml, b.conf from BundleJobBean b where b.id = :id";
    private static final String SUBMITTED = "select c.id, c.appName from CoordinatorJobBean c where c.bundleId = :id";

    private BundleCoordinator() {}

    /** Null if there is nothing to submit. */
    static XCommand<?> submission(String bundleId, String name) {
        for (Object[] coordinator : JobRows.rows(SUBMITTED, bundleId)) {
            if (name.equals(coordinator[1])) {
                return null;
            }
        }
        Object[] bundle = JobRows.row(BUNDLE, bundleId);
        if (bundle == null) {
            return null;
        }
        try {
            String bundleConf = ((StringBlob) bundle[2]).getString();
            for (Element element : children(root(((StringBlob) bundle[1]).getString()), "coordinator")) {
                Configuration conf = configuration(bundleConf, element);
                if (name.equals(ELUtils.resolveAppName(element.getAttribute("name"), conf))) {
                    conf.set(OozieClient.BUNDLE_ID, bundleId);
                    return new BundleCoordSubmitXCommand(conf, bundleId, name);
                }
            }
            return null;
        } catch (Exception e) {
            throw new IllegalStateException(
                    "Coordinator " + name + " of bundle " + bundleId + " cannot be submitted", e);
        }
    }

    private static Element root(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getDocumentElement();
    }

    private static Configuration configuration(String bundleConf, Element coordinator) throws Exception {
        Configuration conf = new XConfiguration(new StringReader(bundleConf));
        for (Element own : children(coordinator, "configuration")) {
            for (Element property : children(own, "property")) {
                conf.set(text(property, "name"), text(property, "value"));
            }
        }
        conf.set(OozieClient.COORDINATOR_APP_PATH, text(coordinator, "app-path"));
        JobUtils.normalizeAppPath(conf.get(OozieClient.USER_NAME), conf.get(OozieClient.GROUP_NAME), conf);
        return conf;
    }

    private static String text(Element parent, String name) {
        for (Element child : children(parent, name)) {
            return child.getTextContent().trim();
        }
        return "";
    }

    private static Iterable<Element> children(Element parent, String name) {
        java.util.List<Element> found = new java.util.ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element && name.equals(node.getLocalName())) {
                found.add((Element) node);
            }
        }
        return found;
    }
}
