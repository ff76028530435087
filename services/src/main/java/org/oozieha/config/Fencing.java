package org.oozieha.config;

/** How a commit of a command is kept from happening after its server lost the right to it. */
public enum Fencing {
    /** Asks this server's own lease before each commit; needs no table. */
    LEASE,
    /** Asks a row of OOZIE_HA_SERVER within the committing transaction; trusts no clock. */
    DATABASE,
    /** Asks nothing, as stock Oozie. */
    OFF
}
