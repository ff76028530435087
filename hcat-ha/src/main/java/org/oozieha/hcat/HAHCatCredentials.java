package org.oozieha.hcat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.Credentials;
import org.apache.oozie.action.ActionExecutor.Context;
import org.apache.oozie.action.hadoop.CredentialsProperties;
import org.apache.oozie.action.hadoop.CredentialsProvider;
import org.apache.oozie.action.hadoop.HCatCredentials;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.Services;
import org.oozieha.hcat.endpoint.FailOver;

/**
 * HCatalog credentials from a live metastore of a cluster; in {@code oozie.credentials.credentialclasses} it takes the place of Oozie's
 * HCatCredentials.
 *
 * <p>Guarantee: {@code hcat.metastore.uri} or {@code hive.metastore.uris} may be {@code thrift://<cluster>} or {@code hcat://<cluster>}, with a
 * name of {@code oozie.ha.hcat.clusters}; everything else is as in Oozie. On failure, what Oozie throws, or which servers were tried.
 */
public class HAHCatCredentials implements CredentialsProvider {
    private static final String[] PLACES = {"hcat.metastore.uri", "hive.metastore.uris"};

    private final CredentialsProvider one = new HCatCredentials();

    @Override
    public void updateCredentials(
            Credentials credentials, Configuration conf, CredentialsProperties properties, Context context)
            throws Exception {
        String key = place(properties.getProperties());
        Optional<FailOver> cluster = key == null
                ? Optional.empty()
                : cluster(properties.getProperties().get(key));
        if (!cluster.isPresent()) {
            one.updateCredentials(credentials, conf, properties, context);
            return;
        }
        cluster.get().call(endpoint -> {
            one.updateCredentials(credentials, conf, with(properties, key, "thrift://" + endpoint), context);
            return null;
        });
    }

    private static String place(Map<String, String> properties) {
        for (String key : PLACES) {
            String value = properties.get(key);
            if (value != null && !value.isEmpty()) {
                return key;
            }
        }
        return null;
    }

    private static Optional<FailOver> cluster(String uri) {
        HCatAccessorService accessor = Services.get().get(HCatAccessorService.class);
        return accessor instanceof HAHCatAccessorService
                ? ((HAHCatAccessorService) accessor).cluster(uri.trim().replaceFirst("^[a-z]+://", ""))
                : Optional.empty();
    }

    private static CredentialsProperties with(CredentialsProperties properties, String key, String value) {
        CredentialsProperties resolved = new CredentialsProperties(properties.getName(), properties.getType());
        HashMap<String, String> all = new HashMap<>(properties.getProperties());
        all.put(key, value);
        resolved.setProperties(all);
        return resolved;
    }
}
