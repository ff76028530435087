package org.oozieha.hcat.endpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list that an operator wrote. Immutable. */
public final class StaticEndpoints implements Endpoints {
    private final List<String> endpoints;

    public StaticEndpoints(List<String> endpoints) {
        this.endpoints = Collections.unmodifiableList(new ArrayList<>(endpoints));
    }

    @Override
    public List<String> live() {
        return endpoints;
    }

    @Override
    public String toString() {
        return "the list " + endpoints;
    }
}
