/** A metastore and a message broker, each in a JVM of its own, for tests. */
package org.oozieha.it.hive;
