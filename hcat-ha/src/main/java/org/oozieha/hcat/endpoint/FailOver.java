package org.oozieha.hcat.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a cluster: the chosen endpoint, and the others while it does not get through.
 *
 * <p>Guarantee: a call is repeated on another endpoint only after it did not get through, each endpoint at most once; one other is always
 * tried, and no further one is begun after the bound; so what is called must bear to be done twice, and must end by itself. On failure,
 * {@link NoEndpointException} names what was tried and why each did not get through. What an endpoint answers, its refusals included, is the
 * caller's. Thread-safe.
 */
public final class FailOver {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final int ALWAYS_TRIED = 2;

    /** What is asked of an endpoint. */
    public interface Call<T> {
        /** @param endpoint {@code host:port} */
        T on(String endpoint) throws Exception;
    }

    private final String cluster;
    private final StickyChoice choice;
    private final Predicate<Throwable> notThrough;
    private final LongSupplier nanoClock;
    private final long boundNanos;

    /**
     * @param notThrough tells a failure to reach the endpoint from an answer
     * @param boundNanos after which no third endpoint is begun, nor one after it
     */
    public FailOver(
            String cluster,
            StickyChoice choice,
            Predicate<Throwable> notThrough,
            LongSupplier nanoClock,
            long boundNanos) {
        this.cluster = cluster;
        this.choice = choice;
        this.notThrough = notThrough;
        this.nanoClock = nanoClock;
        this.boundNanos = boundNanos;
    }

    public <T> T call(Call<T> call) throws Exception {
        Map<Choice, String> tried = new LinkedHashMap<>();
        Exception last = null;
        long began = nanoClock.getAsLong();
        while (tried.size() < ALWAYS_TRIED || nanoClock.getAsLong() - began < boundNanos) {
            Optional<Choice> next = choice.current(tried.keySet());
            if (!next.isPresent()) {
                break;
            }
            try {
                T answer = call.on(next.get().endpoint());
                choice.succeeded(next.get());
                return answer;
            } catch (Exception e) {
                if (!notThrough.test(e)) {
                    throw e;
                }
                last = e;
                choice.failed(next.get());
                tried.put(next.get(), innermost(e));
                LOG.warn("Not reached: cluster={} endpoint={} reason={}", cluster, next.get(), innermost(e));
            }
        }
        throw new NoEndpointException(cluster, choice.endpoints().toString(), tried, last);
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < 20; depth++) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        int end = text.indexOf('\n');
        return cause.getClass().getSimpleName() + ": " + (end < 0 ? text : text.substring(0, end));
    }
}
