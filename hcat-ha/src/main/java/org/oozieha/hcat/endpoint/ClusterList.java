package org.oozieha.hcat.endpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.oozieha.cluster.WatchedDirectory;

/** Reads {@code oozie.ha.hcat.clusters}: {@code name=host:port,…;name=zookeeper:/path;name=zookeeper://host:port,…/path}. */
public final class ClusterList {
    private static final String ZOOKEEPER = "zookeeper:";

    private ClusterList() {}

    /**
     * @param text of the form the property is checked for
     * @param watch gives the directory for an ensemble, empty for Oozie's own, and a path
     */
    public static Map<String, Endpoints> parse(String text, BiFunction<String, String, WatchedDirectory> watch) {
        Map<String, Endpoints> clusters = new LinkedHashMap<>();
        for (String part : text.split(";")) {
            if (!part.trim().isEmpty()) {
                String[] nameAndPlace = part.trim().split("\\s*=\\s*", 2);
                clusters.put(nameAndPlace[0], endpoints(nameAndPlace[1], watch));
            }
        }
        return Collections.unmodifiableMap(clusters);
    }

    private static Endpoints endpoints(String place, BiFunction<String, String, WatchedDirectory> watch) {
        if (!place.startsWith(ZOOKEEPER)) {
            List<String> hosts = new ArrayList<>();
            Collections.addAll(hosts, place.split("\\s*,\\s*"));
            return new StaticEndpoints(hosts);
        }
        String rest = place.substring(ZOOKEEPER.length());
        boolean ownEnsemble = !rest.startsWith("//");
        int path = rest.indexOf('/', ownEnsemble ? 0 : 2);
        String ensemble = ownEnsemble ? "" : rest.substring(2, path).replaceAll("\\s", "");
        return new RegisteredEndpoints(watch.apply(ensemble, rest.substring(path)), place);
    }
}
