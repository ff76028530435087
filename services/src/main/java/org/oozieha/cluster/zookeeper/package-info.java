/**
 * The implementation of {@code org.oozieha.cluster} on ZooKeeper.
 *
 * <p>One handle at a time, one event loop. Everything but the public facades runs on the loop: ZooKeeper's own event thread only hands
 * over, in order, so events and replies keep the server's order and nothing ever blocks a ZooKeeper thread. State belongs to one
 * handle or one incarnation; what an older one still delivers is dropped.
 */
package org.oozieha.cluster.zookeeper;
