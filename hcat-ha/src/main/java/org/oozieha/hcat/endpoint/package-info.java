/** Which server of a cluster is asked, and which one after it failed. */
package org.oozieha.hcat.endpoint;
