package org.oozieha.service;

import org.oozieha.takeover.Pickup;

/** A pick-up whose row's id is not that of its job. */
final class OwnedBy implements Pickup {
    private final String job;
    private final Pickup pickup;

    OwnedBy(String job, Pickup pickup) {
        this.job = job;
        this.pickup = pickup;
    }

    @Override
    public String id() {
        return job;
    }

    @Override
    public boolean queue() {
        return pickup.queue();
    }
}
