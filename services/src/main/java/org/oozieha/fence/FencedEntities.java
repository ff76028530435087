package org.oozieha.fence;

import javax.persistence.EntityManager;
import org.apache.openjpa.persistence.EntityManagerFactoryImpl;
import org.apache.openjpa.persistence.EntityManagerImpl;

/**
 * An EntityManager whose commits pass a {@link CommitGate}.
 *
 * <p>Guarantee: a transaction that wrote, by dirty objects or by a statement, commits only if the gate lets it pass; one that only read is
 * never asked. What the gate throws is thrown by {@code commit}, after the rollback. As thread-safe as any EntityManager: not.
 *
 * <p>It is one of OpenJPA's own, so that Oozie's casts of it and of its queries hold, and that it costs next to nothing.
 */
public final class FencedEntities extends EntityManagerImpl {
    private static final long serialVersionUID = 1L;

    private final CommitGate gate;
    private final Opening opening;

    private FencedEntities(EntityManagerImpl plain, CommitGate gate) {
        super((EntityManagerFactoryImpl) plain.getEntityManagerFactory(), plain.getBroker());
        this.gate = gate;
        this.opening = gate.open();
    }

    /**
     * For all that {@code entities}, which is not used any more, was opened for.
     *
     * @throws IllegalArgumentException if it is not OpenJPA's: what it wrote cannot be asked
     */
    public static EntityManager inPlaceOf(EntityManager entities, CommitGate gate) {
        if (entities instanceof EntityManagerImpl) {
            return new FencedEntities((EntityManagerImpl) entities, gate);
        }
        throw new IllegalArgumentException(
                "oozie.ha.fencing works with OpenJPA's entity managers only, and the persistence"
                        + " provider made a " + entities.getClass().getName() + ". Remove what makes it, or set"
                        + " oozie.ha.fencing=off");
    }

    @Override
    public void commit() {
        pass();
        super.commit();
    }

    @Override
    public void commitAndResume() {
        pass();
        super.commitAndResume();
    }

    private void pass() {
        if (!isActive() || getRollbackOnly() || !wrote()) {
            return;
        }
        try {
            gate.pass(opening, this);
        } catch (RuntimeException refused) {
            rollBack(refused);
            throw refused;
        }
    }

    private void rollBack(RuntimeException refused) {
        try {
            if (isActive()) {
                rollback();
            }
        } catch (RuntimeException alsoFailed) {
            refused.addSuppressed(alsoFailed);
        }
    }

    private boolean wrote() {
        return isStoreActive() || !getDirtyObjects().isEmpty();
    }
}
