package org.oozieha.simulation;

import java.util.Random;

/** What an operator may set, and how bad the weather is: drawn once for a run. */
final class Settings {
    private static final long[] LINGER_MS = {0, 2_000, 600_000};
    private static final long[] FENCE_WAIT_MS = {0, 500, 5_000};
    private static final int[] FENCE_WAITERS = {1, 2, 100};
    private static final int[] FAULT_EVERY = {30, 60, 200, 600};

    final long lingerMs;
    final long fenceWaitMs;
    final int fenceWaiters;
    final int batchSize;
    /** On average a fault begins in one of so many steps. */
    final int faultEvery;

    final boolean databaseFences;
    /** Mode database trusts no clock, so there some runs have clocks that deserve none. */
    final boolean wildClocks;

    double clockRate(Random random) {
        double most = wildClocks ? 0.6 : 0.1;
        return 1 + most * (random.nextInt(3) == 0 ? 2 * random.nextDouble() - 1 : random.nextInt(3) - 1);
    }

    Settings(Random random) {
        lingerMs = LINGER_MS[random.nextInt(LINGER_MS.length)];
        fenceWaitMs = FENCE_WAIT_MS[random.nextInt(FENCE_WAIT_MS.length)];
        fenceWaiters = FENCE_WAITERS[random.nextInt(FENCE_WAITERS.length)];
        batchSize = 2 + random.nextInt(30);
        faultEvery = FAULT_EVERY[random.nextInt(FAULT_EVERY.length)];
        databaseFences = random.nextBoolean();
        wildClocks = databaseFences && random.nextInt(3) == 0;
    }
}
