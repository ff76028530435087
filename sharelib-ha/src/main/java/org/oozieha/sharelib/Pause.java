package org.oozieha.sharelib;

/** Lets time pass. */
@FunctionalInterface
interface Pause {
    /** Returns after that many milliseconds, or earlier when this server stops. */
    void pause(long ms) throws InterruptedException;
}
