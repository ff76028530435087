package org.oozieha.it.faults;

/** One figure of a scenario: its name with the unit at the end, what it means, and what the pack promises of it. Immutable. */
final class Measure {
    private final String name;
    private final String meaning;
    private final Double limit;
    private final Double least;
    private final boolean stockFails;

    private Measure(String name, String meaning, Double limit, Double least, boolean stockFails) {
        this.name = name;
        this.meaning = meaning;
        this.limit = limit;
        this.least = least;
        this.stockFails = stockFails;
    }

    static Measure of(String name, String meaning) {
        return new Measure(name, meaning, null, null, false);
    }

    /** The pack misses its promise above this, in any run. */
    Measure atMost(double value) {
        return new Measure(name, meaning, value, least, stockFails);
    }

    /** The scenario proves nothing below this, in any run of either side. */
    Measure atLeast(double value) {
        return new Measure(name, meaning, limit, value, stockFails);
    }

    /** Stock is known to fail here: a scenario in which it does not, in any run, proves nothing. */
    Measure stockFails() {
        return new Measure(name, meaning, limit, least, true);
    }

    String name() {
        return name;
    }

    String meaning() {
        return meaning;
    }

    /** {@code null} where nothing is promised. */
    Double limit() {
        return limit;
    }

    /** {@code null} where nothing is asked for. */
    Double least() {
        return least;
    }

    boolean mustFailOnStock() {
        return stockFails;
    }
}
