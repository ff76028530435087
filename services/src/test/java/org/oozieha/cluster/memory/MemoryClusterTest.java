package org.oozieha.cluster.memory;

import java.util.function.BooleanSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterContract;

public final class MemoryClusterTest extends ClusterContract {
    @Override
    protected Fixture fixture() {
        return new MemoryFixture();
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
