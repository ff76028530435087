package org.oozieha.cluster.zookeeper;

import java.util.Optional;
import org.oozieha.kerberos.LoginFailure;

/** What an operator can do about a refused login to ZooKeeper. */
final class KerberosAdvice {
    static final String NO_SASL = "the server sent no SASL token";

    private KerberosAdvice() {}

    /**
     * Of this server's own login at the KDC.
     *
     * @param tried what failed, as the beginning of a sentence
     */
    static LoginProblem ofLogin(String tried, Throwable failure) {
        String seen = Failures.texts(failure);
        Optional<LoginFailure> known = LoginFailure.of(failure);
        if (!known.isPresent()) {
            return LoginProblem.passing(tried + ": " + seen, failure);
        }
        String message = tried + ": " + known.get().remedy();
        return known.get() == LoginFailure.SILENT_KDC
                ? LoginProblem.passing(message + "; it is asked again [" + seen + "]", failure)
                : LoginProblem.lasting(message + " [" + seen + "]", failure);
    }

    /**
     * Of what comes after: a ticket for ZooKeeper, and its acceptance there.
     *
     * @param tried what failed, as the beginning of a sentence
     */
    static LoginProblem ofExchange(String tried, Throwable failure) {
        String seen = Failures.texts(failure);
        if (seen.contains("Server not found in Kerberos database")) {
            return LoginProblem.lasting(
                    tried + ": the KDC does not know ZooKeeper's principal: create it, or say its first part with"
                            + " -Dzookeeper.sasl.client.username, or its whole name with -Dzookeeper.server.principal;"
                            + " check that the servers' addresses resolve to the names in their principals [" + seen
                            + "]",
                    failure);
        }
        if (seen.contains(NO_SASL)) {
            return LoginProblem.lasting(
                    tried + ": this ZooKeeper takes no login by SASL: set authProvider.1 ="
                            + " org.apache.zookeeper.server.auth.SASLAuthenticationProvider in its zoo.cfg, and a"
                            + " section Server in its JAAS file [" + seen + "]",
                    failure);
        }
        return ofLogin(tried, failure);
    }
}
