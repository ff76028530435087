package org.oozieha.id;

import java.util.Random;
import org.junit.Test;

/** Random outages, cuts, wipes, restarts, clock steps and wraps over three servers; invariant: no number is given out twice. */
public final class JobNumbersSimulationTest {
    private static final int SEEDS = Integer.getInteger("ids.seeds", 40);
    private static final String[] SERVERS = {"a", "b", "c"};

    @Test
    public void no_number_is_ever_given_out_twice() {
        long first = Long.getLong("it.seed", 1);
        for (long seed = first; seed < first + SEEDS; seed++) {
            try {
                new Life(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Life {
        private final Random random;
        private final IdServers servers;
        private boolean stopped;

        Life(long seed) {
            random = new Random(seed);
            servers = new IdServers(1 + random.nextInt(20), 50 + random.nextInt(2_000), random);
        }

        void run() {
            for (String id : SERVERS) {
                servers.start(id).numbers.refresh();
            }
            for (int step = 0; step < 400; step++) {
                IdServers.Server server = servers.server(SERVERS[random.nextInt(3)]);
                event(server);
                servers.ensemble.advance(1 + random.nextInt(random.nextInt(20) == 0 ? 5_000 : 100));
                for (int i = random.nextInt(20); i > 0; i--) {
                    issue(servers.server(SERVERS[random.nextInt(3)]));
                }
                if (random.nextInt(4) == 0) {
                    server.numbers.refresh();
                }
            }
            servers.ensemble.close();
            if (servers.issued.size() < 200) {
                throw new AssertionError("only " + servers.issued.size() + " numbers were given out");
            }
        }

        private void event(IdServers.Server server) {
            switch (random.nextInt(24)) {
                case 0:
                    if (stopped) {
                        servers.ensemble.start();
                    } else {
                        servers.ensemble.stop();
                    }
                    stopped = !stopped;
                    break;
                case 1:
                    servers.ensemble.cut(server.id);
                    break;
                case 2:
                case 3:
                    if (!stopped) {
                        servers.ensemble.heal(server.id);
                    }
                    break;
                case 4:
                    servers.ensemble.expire(server.id);
                    break;
                case 5:
                    if (random.nextInt(4) == 0) {
                        servers.ensemble.wipe();
                    }
                    break;
                case 6:
                    if (!stopped) {
                        servers.start(server.id);
                    }
                    break;
                case 7:
                    server.skewMs = random.nextInt(3_600_000) - 3_600_000;
                    break;
                case 8:
                case 9:
                    servers.ensemble.loseNextAnswer(server.id);
                    break;
                case 10:
                    servers.databaseUp = random.nextInt(3) > 0;
                    break;
                case 11:
                    servers.noStartTimes = random.nextInt(3) == 0;
                    break;
                default:
                    break;
            }
        }

        /** A server may refuse, e.g. when it started without a database; it may not repeat. */
        private void issue(IdServers.Server server) {
            try {
                if (random.nextInt(10) > 0) {
                    server.record();
                } else {
                    server.issue();
                }
            } catch (IllegalStateException refused) {
                servers.ensemble.advance(1);
            }
        }
    }
}
