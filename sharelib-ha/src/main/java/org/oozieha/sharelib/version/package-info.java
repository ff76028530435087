/** Which version of the sharelib all servers serve, who has loaded it, and what may be purged. */
package org.oozieha.sharelib.version;
