package org.oozieha.fence;

import javax.persistence.OptimisticLockException;

/**
 * A commit was refused for good, and its transaction rolled back.
 *
 * <p>Its type is one that Oozie's database service does not try again. Source: Oozie 5.2.1,
 * PersistenceExceptionSubclassFilterRetryPredicate.
 */
public final class VetoException extends OptimisticLockException {
    private static final long serialVersionUID = 1L;

    private static final String BEGINS = "This server may not commit: ";

    VetoException(String reason) {
        super(BEGINS + reason);
    }

    /** Oozie's database service keeps of a failure only its text. */
    public static boolean isQuotedIn(String message) {
        return message != null && message.contains(BEGINS);
    }
}
