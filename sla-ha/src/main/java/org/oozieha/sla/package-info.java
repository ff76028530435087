/** Oozie's SLA service for several servers: the class for {@code oozie.services.ext}, and what reads and writes Oozie's tables. */
package org.oozieha.sla;
