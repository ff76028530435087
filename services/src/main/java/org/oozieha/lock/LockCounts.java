package org.oozieha.lock;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The figures of one {@link LockTable}. Thread-safe. */
final class LockCounts {
    final AtomicInteger held = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicInteger lingering = new AtomicInteger();
    final AtomicLong lost = new AtomicLong();
}
