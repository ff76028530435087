/** Which actions wait for which partitions, and when the metastore is asked about them. */
package org.oozieha.hcat.waiting;
