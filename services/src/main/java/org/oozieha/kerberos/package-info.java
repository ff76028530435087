/**
 * What is the same in each of this server's logins to Kerberos: Hadoop's, the one for calls of other servers, and the one to ZooKeeper.
 *
 * <p>Knows the JDK only.
 */
package org.oozieha.kerberos;
