package org.oozieha.service;

import java.util.Set;
import org.oozieha.takeover.Scan;

/** A scan that need not be repeated while a server drains. */
final class Unhurried implements Scan {
    private final Scan scan;

    Unhurried(Scan scan) {
        this.scan = scan;
    }

    @Override
    public String name() {
        return scan.name();
    }

    @Override
    public boolean isUrgent() {
        return false;
    }

    @Override
    public Page page(String after, int limit, Set<String> jobs) {
        return scan.page(after, limit, jobs);
    }
}
