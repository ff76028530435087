package org.oozieha.simulation;

import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** Shows that the simulation finds what is wrong: each {@link Mutant} breaks an invariant by the seed noted with it. */
@RunWith(Parameterized.class)
public final class MutantsTest {
    private static final long MOST_SEEDS = 200;

    private final Mutant mutant;

    public MutantsTest(Mutant mutant) {
        this.mutant = mutant;
    }

    @Parameterized.Parameters(name = "{0}")
    public static Iterable<Mutant> mutants() {
        return Arrays.asList(Mutant.values());
    }

    @Test
    public void the_mutant_is_caught() {
        assertTrue(mutant.caughtBy <= MOST_SEEDS);
        Seeds seeds = new Seeds(mutant);
        seeds.run(1, MOST_SEEDS);
        assertTrue(
                mutant + " is not caught by seeds 1 to " + MOST_SEEDS,
                seeds.failure().isPresent());
        System.out.println("simulation: mutant=" + mutant + " caught_at_seed=" + seeds.failedAt());
        assertTrue(
                mutant + " is caught at seed " + seeds.failedAt() + " only: is the simulation still as sharp?",
                seeds.failedAt() <= mutant.caughtBy);
    }
}
