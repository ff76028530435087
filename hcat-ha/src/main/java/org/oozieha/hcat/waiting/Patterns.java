package org.oozieha.hcat.waiting;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is waited for in one table, by the keys that are named and then by their values. Not thread-safe. */
final class Patterns {
    private final Map<Set<String>, Map<Map<String, String>, Map<Dependency, Set<String>>>> byKeys = new HashMap<>();

    void add(Dependency dependency, String action) {
        byKeys.computeIfAbsent(dependency.keys(), keys -> new HashMap<>())
                .computeIfAbsent(dependency.partition(), values -> new HashMap<>())
                .computeIfAbsent(dependency, d -> new TreeSet<>())
                .add(action);
    }

    void remove(Dependency dependency, String action) {
        byKeys.computeIfPresent(dependency.keys(), (keys, byValues) -> {
            byValues.computeIfPresent(dependency.partition(), (values, waiting) -> {
                waiting.computeIfPresent(
                        dependency, (d, actions) -> actions.remove(action) && actions.isEmpty() ? null : actions);
                return waiting.isEmpty() ? null : waiting;
            });
            return byValues.isEmpty() ? null : byValues;
        });
    }

    boolean isEmpty() {
        return byKeys.isEmpty();
    }

    /** @param partition with all keys of the table, in lower case */
    Map<Dependency, Set<String>> matching(Map<String, String> partition) {
        Map<Dependency, Set<String>> found = new HashMap<>();
        byKeys.forEach((keys, byValues) -> {
            Map<String, String> named = new HashMap<>(partition);
            named.keySet().retainAll(keys);
            byValues.getOrDefault(named, Collections.emptyMap())
                    .forEach((dependency, actions) -> found.put(dependency, new TreeSet<>(actions)));
        });
        return found;
    }

    Set<String> waiting(Dependency dependency) {
        return Collections.unmodifiableSet(new TreeSet<>(byKeys.getOrDefault(dependency.keys(), Collections.emptyMap())
                .getOrDefault(dependency.partition(), Collections.emptyMap())
                .getOrDefault(dependency, Collections.emptySet())));
    }

    Set<Dependency> all() {
        Set<Dependency> all = new HashSet<>();
        byKeys.values().forEach(byValues -> byValues.values().forEach(waiting -> all.addAll(waiting.keySet())));
        return all;
    }
}
