package org.oozieha.hcat;

/** Lets tests see which metastore of a cluster this server uses. */
public final class ChosenMetastore {
    private ChosenMetastore() {}

    /** {@code host:port}; without asking it anything. */
    public static String of(String cluster) throws Exception {
        return HAHCatAccessorService.cluster(cluster)
                .orElseThrow(() -> new AssertionError("no cluster " + cluster))
                .call(endpoint -> endpoint);
    }
}
