/** The demo: a cluster, jobs, a {@code kill -9}, and a report a person can read. */
package org.oozieha.it.demo;
