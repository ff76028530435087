/** Subscriptions that outlive every outage of their broker. */
package org.oozieha.hcat.topic;
