package org.oozieha.partition;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;

/**
 * Highest-random-weight hashing (Thaler and Ravishankar, 1998): a key belongs to the server with the highest score.
 *
 * <p>Guarantee: for the same key and the same set of servers every JVM finds the same owner; adding a server moves only the keys it
 * gets, removing one only the keys it had. Keys spread evenly.
 *
 * <p>The score of (server, key) is {@code mix(hash(server) ^ mix(hash(key)))}, compared as unsigned; on equal scores the smaller
 * server name wins. {@code hash} is 64-bit FNV-1a over the UTF-8 bytes, {@code mix} the 64-bit finaliser of MurmurHash3. Servers of
 * different versions share one partition, so this may never change.
 */
final class Rendezvous {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /** Empty only if there are no servers. */
    static Optional<String> owner(String key, Collection<String> servers) {
        long mixedKey = mix(hash(key));
        String owner = null;
        long highest = 0;
        for (String server : servers) {
            long score = mix(hash(server) ^ mixedKey);
            int order = owner == null ? 1 : Long.compareUnsigned(score, highest);
            if (order > 0 || order == 0 && server.compareTo(owner) < 0) {
                owner = server;
                highest = score;
            }
        }
        return Optional.ofNullable(owner);
    }

    static long hash(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
