package org.oozieha.simulation;

import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;

/** A lease that answers as the right one does; a mutation overrides what it gets wrong. */
class LeaseMutation implements Lease {
    final Lease right;

    LeaseMutation(Lease right) {
        this.right = right;
    }

    @Override
    public Incarnation incarnation() {
        return right.incarnation();
    }

    @Override
    public boolean isValid(Incarnation incarnation) {
        return stands(incarnation) && remainingMs() > 0;
    }

    @Override
    public boolean stands(Incarnation incarnation) {
        return right.stands(incarnation);
    }

    @Override
    public long remainingMs() {
        return right.remainingMs();
    }

    /** One that takes any incarnation for the current one. */
    static Lease ofAnyIncarnation(Lease right) {
        return new LeaseMutation(right) {
            @Override
            public boolean stands(Incarnation incarnation) {
                return right.stands(right.incarnation());
            }
        };
    }
}
