package org.oozieha.service;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.client.rest.JsonBean;
import org.apache.oozie.executor.jpa.JPAExecutor;
import org.apache.oozie.executor.jpa.JPAExecutorException;
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
    private volatile Runnable onError = () -> {};

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
     * {@code listener} is called whenever the database failed an operation of this server, from the thread that met it and before that
     * thread knows; not for commits that were refused.
     */
    public void onError(Runnable listener) {
        onError = listener;
    }

    @Override
    public <T> T execute(JPAExecutor<T> executor) throws JPAExecutorException {
        return watched(() -> super.execute(executor));
    }

    @Override
    public int executeUpdate(String name, Query query, EntityManager entities) throws JPAExecutorException {
        return watched(() -> super.executeUpdate(name, query, entities));
    }

    @Override
    @SuppressWarnings("rawtypes") // stock's signature
    public void executeBatchInsertUpdateDelete(
            Collection<JsonBean> inserts,
            List<QueryEntry> updates,
            Collection<JsonBean> deletes,
            EntityManager entities)
            throws JPAExecutorException {
        watched(() -> {
            super.executeBatchInsertUpdateDelete(inserts, updates, deletes, entities);
            return null;
        });
    }

    @Override
    public Object executeGet(String name, Query query, EntityManager entities) throws JPAExecutorException {
        return watched(() -> super.executeGet(name, query, entities));
    }

    @Override
    public List<?> executeGetList(String name, Query query, EntityManager entities) throws JPAExecutorException {
        return watched(() -> super.executeGetList(name, query, entities));
    }

    private <T> T watched(Operation<T> operation) throws JPAExecutorException {
        try {
            return operation.run();
        } catch (JPAExecutorException e) {
            if (e.getErrorCode() == ErrorCode.E0603 && !VetoException.isQuotedIn(e.getMessage())) {
                onError.run();
            }
            throw e;
        }
    }

    private interface Operation<T> {
        T run() throws JPAExecutorException;
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
        return now == null ? entities : FencedEntities.inPlaceOf(entities, now);
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        super.destroy();
    }
}
