/** Alerts on their way from the database to the listeners. */
package org.oozieha.sla.alert;
