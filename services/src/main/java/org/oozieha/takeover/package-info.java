/**
 * What to do when a server is gone: when recovery runs, for which jobs, and how fast it may queue.
 *
 * <p>What is in flight, and which command continues it, is told by a {@link org.oozieha.takeover.Scan}; nothing here knows Oozie.
 */
package org.oozieha.takeover;
