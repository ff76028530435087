package org.oozieha.sla.alert;

/** A row of OOZIE_HA_ALERT: something the listeners are to be told. Immutable. */
public final class Alert {
    private final String key;
    private final String server;
    private final String payload;

    /**
     * @param key {@code <id of the job or action>#<event>#<version>}
     * @param server the incarnation that is to deliver it, {@code id#number}
     */
    public Alert(String key, String server, String payload) {
        this.key = key;
        this.server = server;
        this.payload = payload;
    }

    public String key() {
        return key;
    }

    public String server() {
        return server;
    }

    public String payload() {
        return payload;
    }

    /** The id of the job or action: who owns it delivers what a server that is gone did not. */
    String slaId() {
        int cut = key.lastIndexOf('#');
        cut = cut < 0 ? -1 : key.lastIndexOf('#', cut - 1);
        return cut < 0 ? key : key.substring(0, cut);
    }

    Alert claimedBy(String other) {
        return new Alert(key, other, payload);
    }

    @Override
    public String toString() {
        return key + " of " + server;
    }
}
