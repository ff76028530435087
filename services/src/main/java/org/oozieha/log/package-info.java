/**
 * The log of a job over all servers: fetched in parallel, merged by time, complete or with the missing part named.
 *
 * <p>{@link org.oozieha.log.JobLog} is the way in. Memory is bounded whatever the size of the logs.
 */
package org.oozieha.log;
