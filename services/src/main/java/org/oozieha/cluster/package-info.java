/**
 * The seam between the pack's logic and whatever coordinates the servers.
 *
 * <p>Immutable values and small interfaces, JDK only. Two implementations exist, one on ZooKeeper and one in memory; both pass
 * the same contract tests, so everything that reasons about locks, ids, ownership or takeover is written against this package
 * and tested without a network.
 */
package org.oozieha.cluster;
