package org.oozieha.id;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** Servers that give out job numbers on one in-memory ensemble, and a check that nobody repeats what anybody gave out. */
final class IdServers {
    static final String SEQUENCE = "/job_id_sequence";
    private static final long WAIT_MS = 1;
    static final String LAST_START = "/ha/idstart";

    final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    final List<String> recorded = new ArrayList<>();
    final Set<String> issued = new HashSet<>();
    private final Map<String, Server> servers = new HashMap<>();
    private final Random random;
    private final int blockSize;
    private final long maximum;
    boolean databaseUp = true;
    boolean classMissing;
    boolean noStartTimes;
    /** Each look at this clock ends the bound of a wait, so that nothing really waits. */
    private long patience;

    IdServers(int blockSize, long maximum) {
        this(blockSize, maximum, new Random(1));
    }

    IdServers(int blockSize, long maximum, Random random) {
        this.random = random;
        this.blockSize = blockSize;
        this.maximum = maximum;
    }

    /** A new process; an earlier one of the same name has been killed. */
    Server start(String id) {
        ensemble.advance(1);
        long skew = servers.containsKey(id) ? servers.get(id).skewMs : 0;
        Server server = new Server(id, ensemble.join(id), skew);
        servers.put(id, server);
        return server;
    }

    Server server(String id) {
        return servers.get(id);
    }

    final class Server {
        final String id;
        final MemoryCluster cluster;
        final JobNumbers numbers;
        long skewMs;

        private Server(String id, MemoryCluster cluster, long skewMs) {
            this.id = id;
            this.cluster = cluster;
            this.skewMs = skewMs;
            this.numbers = new JobNumbers(
                    new StartTimes(
                            startTimes(cluster.value(LAST_START)),
                            IdServers.this::mark,
                            () -> ensemble.clock().millis() + this.skewMs,
                            random,
                            WAIT_MS),
                    new SequenceBlocks(cluster.value(SEQUENCE), IdServers.this::mark, blockSize, maximum, WAIT_MS),
                    Runnable::run,
                    () -> cluster.lease().isValid(),
                    () -> patience += 10_000_000,
                    WAIT_MS);
            cluster.listen(numbers);
            numbers.refresh();
        }

        /** Takes one and checks it against all that were ever given out. */
        JobNumber issue() {
            JobNumber number = unchecked();
            if (!issued.add(number.toString())) {
                throw new AssertionError(number + " was given out twice, now by " + id);
            }
            return number;
        }

        JobNumber record() {
            JobNumber number = issue();
            recorded.add(number + "-oozie-test-W");
            return number;
        }

        private JobNumber unchecked() {
            JobNumber number = numbers.next();
            if (number.number() < 0 || number.number() >= maximum) {
                throw new AssertionError(number + " is outside the range, maximum " + maximum);
            }
            return number;
        }
    }

    private SharedValue startTimes(SharedValue value) {
        return new SharedValue() {
            @Override
            public Version read(long timeoutMs) throws ClusterUnavailableException {
                return value.read(timeoutMs);
            }

            @Override
            public boolean compareAndSet(Version expected, byte[] next, long timeoutMs)
                    throws ClusterUnavailableException {
                if (noStartTimes) {
                    throw new ClusterUnavailableException("no start time now");
                }
                return value.compareAndSet(expected, next, timeoutMs);
            }

            @Override
            public boolean remove(Version expected, long timeoutMs) throws ClusterUnavailableException {
                return value.remove(expected, timeoutMs);
            }
        };
    }

    private HighWaterMark.Mark mark() throws HighWaterMark.UnknownException {
        if (classMissing) {
            throw new NoClassDefFoundError("javax/persistence/EntityManager");
        }
        if (!databaseUp) {
            throw new HighWaterMark.UnknownException("the database is down");
        }
        return HighWaterMark.Mark.of(recorded);
    }
}
