package org.oozieha.hcat.waiting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which actions wait for which partitions, and which partitions came for them.
 *
 * <p>Guarantee: an action that was added for a partition gets it exactly once, whatever other actions do meanwhile; ids are compared as a
 * whole. All keys go through one form, so that what was added is found. It is a cache: the database says who waits. Thread-safe; never
 * blocks.
 */
public final class Waiters {
    private final Map<Table, Patterns> tables = new HashMap<>();
    private final Map<String, Set<Dependency>> byAction = new HashMap<>();
    private final Map<String, Set<String>> came = new HashMap<>();

    /** False if the action was waiting for it already. */
    public synchronized boolean add(Dependency dependency, String action) {
        if (!byAction.computeIfAbsent(action, a -> new HashSet<>()).add(dependency)) {
            return false;
        }
        tables.computeIfAbsent(dependency.table(), t -> new Patterns()).add(dependency, action);
        return true;
    }

    /** The action does not wait for it any more. */
    public synchronized void remove(Dependency dependency, String action) {
        Set<Dependency> all = byAction.get(action);
        if (all != null && all.remove(dependency)) {
            if (all.isEmpty()) {
                byAction.remove(action);
            }
            removeFromTable(dependency, action);
        }
    }

    /** The action waits for nothing any more; what came for it stays. Returns the tables it waited for. */
    public synchronized Set<Table> remove(String action) {
        Set<Dependency> all = byAction.remove(action);
        Set<Table> touched = new HashSet<>();
        if (all != null) {
            for (Dependency dependency : all) {
                removeFromTable(dependency, action);
                touched.add(dependency.table());
            }
        }
        return touched;
    }

    /** As {@link #remove(String)}, and what came for it is forgotten. */
    public synchronized Set<Table> forget(String action) {
        came.remove(action);
        return remove(action);
    }

    private void removeFromTable(Dependency dependency, String action) {
        Patterns patterns = tables.get(dependency.table());
        patterns.remove(dependency, action);
        if (patterns.isEmpty()) {
            tables.remove(dependency.table());
        }
    }

    /** What is waited for that this partition is, also by fewer keys than it has. */
    public synchronized Set<Dependency> matching(Table table, Map<String, String> partition) {
        Patterns patterns = tables.get(table);
        return patterns == null
                ? Collections.emptySet()
                : patterns.matching(Dependency.lowerCaseKeys(partition)).keySet();
    }

    /** Notes a partition for all that wait for it, also by fewer keys than it has; returns their actions. */
    public synchronized Set<String> came(Table table, Map<String, String> partition) {
        Patterns patterns = tables.get(table);
        Set<String> actions = new TreeSet<>();
        if (patterns != null) {
            patterns.matching(Dependency.lowerCaseKeys(partition)).forEach((dependency, waiting) -> {
                for (String action : waiting) {
                    came.computeIfAbsent(action, a -> new LinkedHashSet<>()).add(dependency.uri());
                    remove(dependency, action);
                    actions.add(action);
                }
            });
        }
        return actions;
    }

    /** Notes that this very dependency was found to be there; returns the actions that wait for it. */
    public synchronized Set<String> came(Dependency dependency) {
        Set<String> actions = new TreeSet<>(waiting(dependency));
        for (String action : actions) {
            came.computeIfAbsent(action, a -> new LinkedHashSet<>()).add(dependency.uri());
            remove(dependency, action);
        }
        return actions;
    }

    /** URIs that came for the action and were not taken yet. */
    public synchronized List<String> available(String action) {
        return new ArrayList<>(came.getOrDefault(action, Collections.emptySet()));
    }

    /** False if none of the URIs was available to the action. */
    public synchronized boolean take(String action, Collection<String> uris) {
        Set<String> available = came.get(action);
        boolean taken = available != null && available.removeAll(uris);
        if (taken && available.isEmpty()) {
            came.remove(action);
        }
        return taken;
    }

    /** Actions that wait for exactly this URI. */
    public synchronized Set<String> waiting(Dependency dependency) {
        Patterns patterns = tables.get(dependency.table());
        return patterns == null ? Collections.emptySet() : patterns.waiting(dependency);
    }

    public synchronized boolean isWaitedFor(Table table) {
        return tables.containsKey(table);
    }

    /** What is waited for in a table. */
    public synchronized Set<Dependency> of(Table table) {
        Patterns patterns = tables.get(table);
        return patterns == null ? Collections.emptySet() : patterns.all();
    }

    /** All actions that wait for something, or have not taken what came. */
    public synchronized Set<String> actions() {
        Set<String> all = new TreeSet<>(byAction.keySet());
        all.addAll(came.keySet());
        return all;
    }
}
