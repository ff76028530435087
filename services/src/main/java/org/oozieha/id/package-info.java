/**
 * The first two parts of a job id, number and start time, never the same pair twice.
 *
 * <p>The guarantee rests on one rule: a start time belongs to one run of numbers of one server, and the numbers of a run only
 * grow. Start times are handed out cluster-wide and never twice; where the shared sequence stands, whether it wrapped, was wiped
 * or is written by a stock server at the same time, decides only which numbers are used. Imports the cluster seam and the JDK.
 */
package org.oozieha.id;
