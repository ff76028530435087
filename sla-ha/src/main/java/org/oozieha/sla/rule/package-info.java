/** Which SLA events of a job are to be recorded now, by Oozie's own rules. */
package org.oozieha.sla.rule;
