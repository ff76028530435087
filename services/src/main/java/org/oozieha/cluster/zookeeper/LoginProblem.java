package org.oozieha.cluster.zookeeper;

/** This server could not log in to ZooKeeper; the message says what was tried, what was seen, and what mends it. */
final class LoginProblem extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean passing;
    private final boolean connectionSpoiled;
    private final boolean ofTheServer;

    private LoginProblem(
            String message, Throwable cause, boolean passing, boolean connectionSpoiled, boolean ofTheServer) {
        super(message, cause);
        this.passing = passing;
        this.connectionSpoiled = connectionSpoiled;
        this.ofTheServer = ofTheServer;
    }

    /** It may pass by itself, e.g. when the KDC is back. */
    static LoginProblem passing(String message, Throwable cause) {
        return new LoginProblem(message, cause, true, false, false);
    }

    /** An operator has to do something. */
    static LoginProblem lasting(String message, Throwable cause) {
        return new LoginProblem(message, cause, false, false, false);
    }

    /** The exchange broke off in the middle: ZooKeeper takes no second one on the same connection. */
    LoginProblem afterTheFirstPacket() {
        return new LoginProblem(getMessage(), getCause(), passing, true, ofTheServer);
    }

    /** It came up with one server of ZooKeeper; another may accept this login. */
    LoginProblem atOneServer() {
        return new LoginProblem(getMessage(), getCause(), passing, connectionSpoiled, true);
    }

    /** Lasting as it is, it passes when another server of ZooKeeper is asked. */
    LoginProblem whileAnotherIsTried() {
        return new LoginProblem(
                getMessage() + "; another server of ZooKeeper is tried", getCause(), true, connectionSpoiled, true);
    }

    boolean isPassing() {
        return passing;
    }

    boolean isOfTheServer() {
        return ofTheServer;
    }

    boolean isConnectionSpoiled() {
        return connectionSpoiled;
    }
}
