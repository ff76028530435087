/** What the harness puts inside stock servers: a jar of its own in their lib directory. */
package org.oozieha.it.server;
