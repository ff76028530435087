package org.oozieha.service;

import org.apache.oozie.DagEngine;
import org.apache.oozie.service.DagEngineService;
import org.apache.oozie.service.Service;

/**
 * Hands out workflow engines whose acknowledged orders survive their server; in {@code oozie.services.ext} it takes the place of Oozie's
 * DagEngineService.
 *
 * <p>Guarantee and failure: those of {@link HADagEngine}. It needs {@link HARecoveryService} on some server to have a lost start picked up.
 * Thread-safe.
 */
public class HADagEngineService extends DagEngineService {
    @Override
    public DagEngine getDagEngine(String user) {
        return new HADagEngine(user);
    }

    @Override
    public DagEngine getSystemDagEngine() {
        return new HADagEngine();
    }

    @Override
    public Class<? extends Service> getInterface() {
        return DagEngineService.class;
    }
}
