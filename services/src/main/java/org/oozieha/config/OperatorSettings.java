package org.oozieha.config;

import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Which properties the operator set, as opposed to what oozie-default.xml gives.
 *
 * <p>Oozie copies both into one configuration without telling the source, so a property counts as set if its raw value differs from
 * the default or has none. Setting a property to its default is therefore not noticed.
 */
public final class OperatorSettings {
    private static final String DEFAULTS = "oozie-default.xml";

    private OperatorSettings() {}

    /** Keys of {@code conf} that oozie-default.xml does not have, or has with another value. */
    public static Set<String> keys(Configuration conf) {
        Map<String, String> defaults = shipped(conf);
        Set<String> keys = new HashSet<>();
        for (Map.Entry<String, String> entry : conf) {
            if (!entry.getValue().equals(defaults.get(entry.getKey()))) {
                keys.add(entry.getKey());
            }
        }
        return Collections.unmodifiableSet(keys);
    }

    private static Map<String, String> shipped(Configuration conf) {
        Map<String, String> values = new HashMap<>();
        URL resource = conf.getResource(DEFAULTS);
        if (resource != null) {
            Configuration defaults = new Configuration(false);
            defaults.addResource(resource);
            for (Map.Entry<String, String> entry : defaults) {
                values.put(entry.getKey(), entry.getValue());
            }
        }
        return values;
    }
}
