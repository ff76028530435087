/**
 * May this thread commit? Asked at each commit of a transaction that wrote.
 *
 * <p>{@link org.oozieha.fence.Fence} decides, by this server's lease and the thread's tokens; {@link
 * org.oozieha.fence.FencedEntities} puts the question between Oozie and its transactions.
 */
package org.oozieha.fence;
