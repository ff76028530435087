/** {@link org.oozieha.sharelib.HAShareLibService}, named in {@code oozie.services.ext}, and the sharelib's files. */
package org.oozieha.sharelib;
