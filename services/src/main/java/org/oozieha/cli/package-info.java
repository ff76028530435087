/** The command {@code oozie-ha}: exit 0 when all is well, 1 when there are findings, 2 when it cannot tell. */
package org.oozieha.cli;
