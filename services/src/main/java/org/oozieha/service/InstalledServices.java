package org.oozieha.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.oozieha.config.HaConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of the HA services this server runs: ours, stock's or the plain base service. The last one named wins, as in Oozie. */
final class InstalledServices {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.service");
    private static final String OURS = "org.oozieha.service.";
    private static final String STOCK = "org.apache.oozie.service.";
    private static final String STOCK_SLA = "org.apache.oozie.sla.service.SLAService";
    private static final String OUR_SLA = "org.oozieha.sla.HASLAService";
    private static final Map<String, String> WITHOUT = new LinkedHashMap<>();

    static {
        WITHOUT.put("ZKLocksService", "locks are this server's own: two servers may work on one job at a time");
        WITHOUT.put("ZKUUIDService", "job ids are counted by this server alone and may be issued twice");
        WITHOUT.put("ZKJobsConcurrencyService", "every server works on all jobs and runs all leader tasks");
        WITHOUT.put("ZKXLogStreamingService", "job logs hold this server's lines only");
        WITHOUT.put("FencedJPAService", "a command commits although its server has lost the lock meanwhile");
        WITHOUT.put("HARecoveryService", "the work of a server that is gone waits for minutes");
        WITHOUT.put("HAHadoopAccessorService", "an action whose server is lost may be submitted to YARN a second time");
        WITHOUT.put("HADagEngineService", "an acknowledged start can be lost with its server");
        WITHOUT.put(
                "HAShareLibService",
                "sharelibupdate reaches the servers that answer, and purge may delete what others use");
    }

    private final Map<String, String> winners;
    private final boolean stockSla;

    private InstalledServices(Map<String, String> winners, boolean stockSla) {
        this.winners = winners;
        this.stockSla = stockSla;
    }

    static InstalledServices of(Configuration conf) {
        Map<String, String> winners = new LinkedHashMap<>();
        boolean stockSla = false;
        for (String list : new String[] {"oozie.services", "oozie.services.ext"}) {
            for (String name : conf.getTrimmedStrings(list)) {
                String simple = name.substring(name.lastIndexOf('.') + 1);
                if (WITHOUT.containsKey(simple) && (name.equals(ours(simple)) || name.equals(STOCK + simple))) {
                    winners.put(simple, name);
                }
                stockSla = name.equals(STOCK_SLA) || stockSla && !name.equals(OUR_SLA);
            }
        }
        return new InstalledServices(winners, stockSla);
    }

    private static String ours(String simple) {
        return simple.equals("HAShareLibService") ? "org.oozieha.sharelib." + simple : OURS + simple;
    }

    /** Why this server must not start: a stock ZooKeeper service would run beside ours in it. */
    Optional<String> conflict() {
        List<String> stock = new ArrayList<>();
        winners.values().stream().filter(name -> name.startsWith(STOCK)).forEach(stock::add);
        return stock.isEmpty()
                ? Optional.empty()
                : Optional.of("oozie.services.ext names stock HA services beside the pack's: " + stock
                        + ". They would start a second ZooKeeper session that stops the server when it ends. Write "
                        + OURS
                        + " in front of each of these names instead of " + STOCK);
    }

    /** True if this one of ours, by its simple name, is installed. */
    boolean has(String simpleName) {
        return winners.containsKey(simpleName);
    }

    void logWhatIsMissing(HaConfig config) {
        missing(config).forEach(LOG::warn);
    }

    /** What this server does without, and what follows from that. */
    List<String> missing(HaConfig config) {
        List<String> missing = new ArrayList<>();
        WITHOUT.forEach((simple, consequence) -> {
            if (!winners.containsKey(simple)) {
                missing.add(ours(simple) + " is not in oozie.services.ext: " + consequence);
            }
        });
        if (stockSla) {
            missing.add(STOCK_SLA + " is in oozie.services.ext, and not " + OUR_SLA
                    + ": nobody follows the SLAs of a server that is gone");
        }
        if (!config.httpAuthenticationType().equals("simple") && !config.secure()) {
            missing.add("oozie.authentication.type = " + config.httpAuthenticationType()
                    + ", but oozie.zookeeper.secure is not true: who reaches ZooKeeper can read the secret that signs login"
                    + " cookies, and call this server as any user. Set oozie.zookeeper.secure=true");
        }
        return missing;
    }
}
