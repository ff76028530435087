package org.oozieha.hcat;

import java.util.Properties;
import javax.naming.Context;

/** What log lines call a broker: where it is, never how to log in there. */
final class BrokerName {
    private static final String OPTIONS = "\\?[^,)\\s]*";
    private static final String USER = "//[^/@,)\\s]*@";

    private BrokerName() {}

    /** @param jndi of one rule of {@code oozie.service.HCatAccessorService.jmsconnections} */
    static String of(Properties jndi) {
        String url = jndi.getProperty(Context.PROVIDER_URL, "").trim();
        return url.isEmpty()
                ? "of " + jndi.getProperty(Context.INITIAL_CONTEXT_FACTORY, "JNDI")
                : url.replaceAll(OPTIONS, "").replaceAll(USER, "//");
    }
}
