package org.oozieha.fence;

import org.apache.openjpa.persistence.OpenJPAEntityManager;

/** Asked before each commit of a transaction that wrote, on the committing thread. Thread-safe. */
public interface CommitGate {
    /** When an EntityManager is opened. */
    Opening open();

    /**
     * Returns if the transaction may be committed now.
     *
     * @throws VetoException if it may not; the caller rolls back
     * @throws RuntimeException if it could not be asked, as a commit could fail; the caller rolls back
     */
    void pass(Opening opening, OpenJPAEntityManager entities);
}
