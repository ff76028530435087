package org.oozieha.cluster.memory;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.Test;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterContract;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;

public final class MemoryClusterTest extends ClusterContract {
    @Override
    protected Fixture fixture() {
        return new MemoryFixture();
    }

    /** Found by the simulation in mode database. */
    @Test
    public void a_claim_that_was_just_made_is_not_granted_before_the_departure_is_seen() {
        MemoryEnsemble ensemble = MemoryEnsemble.stepped();
        MemoryCluster a = ensemble.join("a");
        MemoryCluster b = ensemble.join("b");
        List<String> told = new ArrayList<>();
        Incarnation departed = a.lease().incarnation();
        a.locks().enqueue("key", LockQueue.Mode.WRITE, new Told(() -> told.add("a")));
        ensemble.settle();
        b.locks()
                .enqueue(
                        "key",
                        LockQueue.Mode.WRITE,
                        new Told(() -> told.add("b sees a: " + b.members().contains(departed))));
        ensemble.expire("a");
        assertEquals(Arrays.asList("a", "b sees a: false"), told);
        ensemble.close();
    }

    private static final class Told implements LockQueue.ClaimListener {
        private final Runnable granted;

        private Told(Runnable granted) {
            this.granted = granted;
        }

        @Override
        public void granted() {
            granted.run();
        }

        @Override
        public void contended() {
            // not looked at
        }

        @Override
        public void lost() {
            // not looked at
        }
    }

    private static final class MemoryFixture implements Fixture {
        private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();

        @Override
        public Cluster join(String id) {
            return ensemble.join(id);
        }

        @Override
        public void cut(String id) {
            ensemble.cut(id);
        }

        @Override
        public void heal(String id) {
            ensemble.heal(id);
        }

        @Override
        public void crash(String id) {
            ensemble.crash(id);
        }

        @Override
        public void expire(String id) {
            ensemble.expire(id);
        }

        @Override
        public void stop() {
            ensemble.stop();
        }

        @Override
        public void start() {
            ensemble.start();
        }

        @Override
        public void wipe() {
            ensemble.wipe();
        }

        @Override
        public boolean await(BooleanSupplier condition, long limitMs) {
            return ensemble.await(condition, limitMs);
        }

        @Override
        public int places() {
            return ensemble.places();
        }

        @Override
        public void close() {
            ensemble.close();
        }
    }
}
