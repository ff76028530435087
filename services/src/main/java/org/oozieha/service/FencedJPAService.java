package org.oozieha.service;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.persistence.EntityManager;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.config.Fencing;
import org.oozieha.config.HaConfig;
import org.oozieha.fence.CommitGate;
import org.oozieha.fence.Fence;
import org.oozieha.fence.FencedEntities;
import org.oozieha.fence.LeaseGate;
import org.oozieha.fence.VetoException;
import org.oozieha.lock.LockTable;

/**
 * Oozie's database access, with a fence before each commit; in {@code oozie.services.ext} it takes the place of Oozie's JPAService.
 *
 * <p>Guarantee: that of {@link Fence}, in the mode of {@code oozie.ha.fencing}; {@code off} is stock's service. A refused commit is
 * rolled back, not tried again, and seen by the caller as any failed one. Without the pack's ZKLocksService no thread has a token: then
 * only the end of the server's session refuses commits. Thread-safe.
 *
 * <p>Source: Oozie 5.2.1 reaches its entities through {@link #getEntityManager} only.
 */
public final class FencedJPAService extends JPAService {
    private HaNode node;
    private Fence fence;
    private volatile CommitGate gate;

    @Override
    public void init(Services services) throws ServiceException {
        node = HaNode.of(services);
        super.init(services);
        HaConfig config = node.config();
        fence = new Fence(
                node.cluster().lease(), locks(services), config.fenceWaitMs(), waiters(services), System::nanoTime);
        if (config.fencing() == Fencing.LEASE) {
            gate = new LeaseGate(fence);
        } else if (config.fencing() == Fencing.DATABASE) {
            gate = databaseGate();
        }
    }

    private CommitGate databaseGate() throws ServiceException {
        DatabaseFence database = node.databaseFence()
                .orElseThrow(() -> new IllegalStateException("oozie.ha.fencing=database was not prepared"));
        try {
            database.start();
            return database.gate(fence);
        } catch (SQLException e) {
            super.destroy();
            throw new ServiceException(
                    ErrorCode.E0100,
                    FencedJPAService.class.getSimpleName(),
                    "oozie.ha.fencing=database: " + e.getMessage(),
                    e);
        }
    }

    private static Optional<LockTable> locks(Services services) {
        MemoryLocksService locks = services.get(MemoryLocksService.class);
        return locks instanceof ZKLocksService ? Optional.of(((ZKLocksService) locks).locks()) : Optional.empty();
    }

    /** Half of the connection pool, so that what needs no lock goes on. */
    private static int waiters(Services services) {
        int pool = ConfigurationService.getInt(services.getConf(), CONF_MAX_ACTIVE_CONN);
        return pool <= 0 ? Integer.MAX_VALUE : Math.max(1, pool / 2);
    }

    @Override
    public Class<? extends Service> getInterface() {
        return JPAService.class;
    }

    /** Tells {@code listener} the lock keys of each thread whose commit was refused; see {@link Fence#onVeto}. */
    public void onVeto(Consumer<Set<String>> listener) {
        fence.onVeto(listener);
    }

    /**
     * Returns if the current thread's locks stand, as a commit at this moment would ask; to be asked before an effect outside the database.
     *
     * @throws VetoException if not; all of the thread's tokens are dead then
     */
    void requireTokens() {
        if (gate != null) {
            fence.require(fence.open());
        }
    }

    @Override
    public void instrument(Instrumentation instrumentation) {
        super.instrument(instrumentation);
        Instrumentation.Variable<Long> vetoed = fence::vetoed;
        instrumentation.addVariable(HaNode.METRICS, "fence.vetoed", vetoed);
    }

    @Override
    public EntityManager getEntityManager() {
        CommitGate now = gate;
        EntityManager entities = super.getEntityManager();
        return now == null ? entities : FencedEntities.wrap(entities, now);
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        super.destroy();
    }
}
