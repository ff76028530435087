/** Faults on real processes, with the pack and with stock Oozie's own services side by side, and the table of what was seen. */
package org.oozieha.it.faults;
