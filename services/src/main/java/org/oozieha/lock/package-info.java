/**
 * Locks of this server's threads: first a fair queue per key inside this JVM, then one claim per key for the whole server.
 *
 * <p>Locking discipline: each {@link org.oozieha.lock.KeyLock} has one monitor that guards its queue, its holders and its claim. Under
 * it only calls that return at once are made (enqueue or release a claim, schedule a timer), never another key's monitor. Callbacks of
 * the cluster take the same monitor, so they never wait for anything slow.
 */
package org.oozieha.lock;
