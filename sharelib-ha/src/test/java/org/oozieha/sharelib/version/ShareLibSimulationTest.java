package org.oozieha.sharelib.version;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.Test;
import org.oozieha.cluster.ClusterUnavailableException;

/**
 * Random updates, crashes, restarts, cuts, pauses, failing file systems and purges, with a seed. After each step no directory is
 * missing that a live process serves, holds its launcher jars, or was served when an unfinished action was created; at the end all servers serve the published version. Seeds: {@code it.seed} and the
 * {@code sharelib.seeds} - 1 after it, 2 by default.
 */
public final class ShareLibSimulationTest {
    private static final String[] IDS = {"a", "b", "c"};
    private static final int STEPS = 120;

    @Test
    public void all_servers_end_on_the_published_version_and_no_used_directory_is_ever_missing() {
        long first = Long.getLong("it.seed", 1);
        for (long seed = first; seed < first + Integer.getInteger("sharelib.seeds", 2); seed++) {
            new Run(seed).run();
        }
    }

    private static final class Run {
        private final List<String> history = new ArrayList<>();
        private final ShareLibServers servers = new ShareLibServers();
        private final SharedFiles files = servers.files;
        private final long seed;
        private final Random random;
        private final Map<String, String> launchers = new TreeMap<>();
        private String usedByAction = "";
        private int day = 990;

        private Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        private void run() {
            files.upload(day++);
            servers.start(IDS);
            for (int i = 0; i < STEPS; i++) {
                step();
                noUsedDirectoryIsMissing();
            }
            heal();
            String published = published();
            servers.byId.forEach((id, server) -> assertEquals(why(id), published, server.serves()));
            servers.purgeFor(24 * 40);
            noUsedDirectoryIsMissing();
            long left = files.directories().stream()
                    .filter(name -> name.startsWith("launcher_"))
                    .count();
            assertEquals(why("launcher directories left"), IDS.length, left);
            TreeSet<String> shared = new TreeSet<>(files.directories());
            shared.removeIf(name -> name.startsWith("launcher_"));
            assertTrue(why("sharelibs left: " + shared), shared.size() <= 2);
        }

        private void step() {
            String id = IDS[random.nextInt(IDS.length)];
            ShareLibServer server = servers.byId.get(id);
            switch (random.nextInt(12)) {
                case 0:
                case 1:
                    note("upload");
                    files.upload(day++);
                    break;
                case 2:
                case 3:
                    note("update on " + id);
                    publish(server);
                    break;
                case 4:
                    note("kill " + id);
                    server.die();
                    break;
                case 5:
                    note("start " + id);
                    restart(id, server);
                    break;
                case 6:
                    note("cut " + id);
                    whileAlive(server, () -> servers.ensemble.cut(id));
                    break;
                case 7:
                    note("heal " + id);
                    whileAlive(server, () -> servers.ensemble.heal(id));
                    break;
                case 8:
                    note("files of " + id + " break or mend");
                    server.source.broken(random.nextBoolean());
                    break;
                case 9:
                    note("an action begins or ends");
                    action(server);
                    break;
                case 10:
                    note("the next deletion kills the leader");
                    files.beforeDeletion(this::killLeader);
                    break;
                default:
                    note("all links heal, days pass, purges");
                    healLinks();
                    servers.purgeFor(1 + random.nextInt(24 * 5));
            }
            servers.settle();
            servers.advance(random.nextInt(15_000));
        }

        /** What a server uses that is cut off for longer than the retention time is not kept. */
        private void healLinks() {
            for (String id : IDS) {
                whileAlive(servers.byId.get(id), () -> servers.ensemble.heal(id));
            }
            servers.settle();
        }

        private void publish(ShareLibServer server) {
            if (!server.isDead()) {
                try {
                    server.convergence.publishNewest();
                } catch (IOException | ClusterUnavailableException refused) {
                    note("refused: " + refused.getMessage());
                }
            }
        }

        private void restart(String id, ShareLibServer server) {
            if (server.isDead()) {
                note("it starts");
                launchers.remove(id);
                ShareLibServer started = servers.start(id);
                String directory =
                        "launcher_" + String.format("%04d", 990 + history.size() / 10) + "_" + id + history.size();
                try {
                    started.convergence.keep(directory);
                    files.upload(directory);
                    launchers.put(id, directory);
                } catch (ClusterUnavailableException unavailable) {
                    note("no launcher directory: " + unavailable.getMessage());
                }
            }
        }

        private void whileAlive(ShareLibServer server, Runnable action) {
            if (!server.isDead()) {
                action.run();
            }
        }

        private void action(ShareLibServer server) {
            if (!usedByAction.isEmpty()) {
                endAction();
            } else if (isAtWork(server)) {
                servers.unfinished.put("action", servers.ensemble.clock().millis());
                usedByAction = server.serves();
            }
        }

        private void endAction() {
            servers.unfinished.clear();
            usedByAction = "";
        }

        private boolean isAtWork(ShareLibServer server) {
            return !server.isDead()
                    && server.number() > 0
                    && server.cluster.lease().isValid();
        }

        private void killLeader() {
            servers.byId.values().stream()
                    .filter(server -> !server.isDead() && server.leadership.isLeader())
                    .findFirst()
                    .ifPresent(leader -> {
                        leader.die();
                        throw new IllegalStateException("the leader dies here");
                    });
        }

        private void heal() {
            endAction();
            files.beforeDeletion(() -> {});
            healLinks();
            for (String id : IDS) {
                servers.byId.get(id).source.broken(false);
                servers.byId.get(id).die();
                servers.advance(12_000);
                restart(id, servers.byId.get(id));
            }
            servers.advance(60_000);
        }

        private String published() {
            try {
                return servers.byId.get("a").nodes.current().value().listing().path();
            } catch (ClusterUnavailableException e) {
                throw new AssertionError(why("published"), e);
            }
        }

        private void noUsedDirectoryIsMissing() {
            servers.byId.forEach((id, server) -> {
                if (isAtWork(server)) {
                    isThere(id + " serves it", server.serves());
                    if (launchers.containsKey(id)) {
                        isThere(id + " has its launcher jars there", launchers.get(id));
                    }
                }
            });
            if (!usedByAction.isEmpty()) {
                isThere("an unfinished action uses it", usedByAction);
            }
        }

        private void isThere(String reason, String directory) {
            assertTrue(
                    why(directory + " is missing, " + reason),
                    files.directories().contains(directory));
        }

        private void note(String what) {
            history.add(what);
        }

        private String why(String what) {
            return what + ", seed " + seed + " after " + history;
        }
    }
}
