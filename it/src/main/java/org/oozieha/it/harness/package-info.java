/**
 * Real clusters of stock Oozie servers on one machine: each server, each ZooKeeper server and the database in a process
 * of its own, on loopback and free ports, below {@code it/target/<run>}.
 */
package org.oozieha.it.harness;
