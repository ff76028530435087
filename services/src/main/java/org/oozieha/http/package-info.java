/**
 * Authenticated, time-bounded HTTP calls between the servers of one cluster.
 *
 * <p>Knows hadoop-auth and the JDK only. {@link org.oozieha.http.PeerClient} is the one way out; how a call proves who it is
 * comes as an {@link org.oozieha.http.Authentication}.
 */
package org.oozieha.http;
