/** Which SLAs this server follows, and which of them is due next. */
package org.oozieha.sla.follow;
