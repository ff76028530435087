package org.oozieha.hcat.endpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint of a cluster that this server uses.
 *
 * <p>Guarantee: all callers get the same one until it fails or is not listed any more; of many callers that report the same choice as failed
 * one makes the next choice and all get that; a report about an older choice changes nothing. An endpoint that failed is passed over for
 * half a minute while there is another one, and used again after that. Thread-safe; takes no lock, never blocks.
 */
public final class StickyChoice {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final long AVOID_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String cluster;
    private final Endpoints endpoints;
    private final LongSupplier nanoClock;
    private final Random random;
    private final AtomicReference<Choice> chosen = new AtomicReference<>();
    private final Map<String, Long> failedAt = new ConcurrentHashMap<>();

    /** @param cluster for log lines */
    public StickyChoice(String cluster, Endpoints endpoints, LongSupplier nanoClock, Random random) {
        this.cluster = cluster;
        this.endpoints = endpoints;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    /**
     * The choice that stands, or a new one; none of the endpoints of {@code tried}. Empty if there is no other.
     *
     * @param tried choices that this call found dead; a newer choice of the same endpoint by somebody else is left as it is
     */
    public Optional<Choice> current(Collection<Choice> tried) {
        Set<String> dead = new HashSet<>();
        tried.forEach(choice -> dead.add(choice.endpoint()));
        while (true) {
            Choice now = chosen.get();
            List<String> candidates = new ArrayList<>(endpoints.live());
            boolean live = now != null && candidates.contains(now.endpoint());
            if (live && !dead.contains(now.endpoint())) {
                return Optional.of(now);
            }
            candidates.removeAll(dead);
            if (candidates.isEmpty()) {
                return Optional.empty();
            }
            Choice next = new Choice(best(candidates));
            boolean newer = live && !tried.contains(now);
            if (newer || chosen.compareAndSet(now, next)) {
                LOG.info("Chosen: cluster={} endpoint={} before={} for_one_call={}", cluster, next, now, newer);
                return Optional.of(next);
            }
        }
    }

    /** Reports that calls to this choice do not get through. */
    public void failed(Choice dead) {
        failedAt.put(dead.endpoint(), nanoClock.getAsLong());
    }

    /** A call got through. */
    public void succeeded(Choice alive) {
        failedAt.remove(alive.endpoint());
    }

    private String best(List<String> candidates) {
        long now = nanoClock.getAsLong();
        List<String> good = new ArrayList<>();
        for (String candidate : candidates) {
            Long failed = failedAt.get(candidate);
            if (failed == null || now - failed > AVOID_NANOS) {
                good.add(candidate);
            }
        }
        List<String> from = good.isEmpty() ? candidates : good;
        return from.get(random.nextInt(from.size()));
    }

    public Endpoints endpoints() {
        return endpoints;
    }
}
