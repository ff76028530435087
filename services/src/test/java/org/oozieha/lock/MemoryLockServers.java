package org.oozieha.lock;

import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** On one in-memory ensemble that runs by itself. */
final class MemoryLockServers extends LockServers {
    private MemoryEnsemble ensemble;

    @Override
    protected void before() {
        ensemble = opened(MemoryEnsemble.live());
    }

    MemoryEnsemble ensemble() {
        return ensemble;
    }

    @Override
    Cluster join(String id) {
        return ensemble.join(id);
    }

    @Override
    int places() {
        return ensemble.places();
    }
}
