package org.oozieha.fence;

import org.apache.openjpa.persistence.OpenJPAEntityManager;

/**
 * Mode {@code lease}: a commit passes if the {@link Fence} allows it.
 *
 * <p>Guarantee: up to the clock's view and the length of one COMMIT. Needs no table. Thread-safe.
 */
public final class LeaseGate implements CommitGate {
    private final Fence fence;

    public LeaseGate(Fence fence) {
        this.fence = fence;
    }

    @Override
    public Opening open() {
        return fence.open();
    }

    @Override
    public void pass(Opening opening, OpenJPAEntityManager entities) {
        fence.require(opening);
    }
}
