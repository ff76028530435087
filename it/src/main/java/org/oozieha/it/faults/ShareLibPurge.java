package org.oozieha.it.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.ShareLibs;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.ZooKeeperView;

/**
 * (i) The leader's purge, 10 s after the start. All servers serve a sharelib uploaded 30 days ago while one uploaded 20 days ago waits for
 * a command, and each has its launcher jars in a directory. Retention of 0 days stands for servers that were started days apart. Of the
 * pack's purge the ten minutes and more are left out that it lets pass after it has seen a directory unused: it is told that all
 * directories, those in use too, were seen so long ago.
 */
final class ShareLibPurge implements Scenario {
    private static final Duration PURGED = Duration.ofSeconds(40);
    private static final Duration STARTED = Duration.ofSeconds(90);
    /** Stock servers that start in the same second share a launcher directory. */
    private static final Duration APART = Duration.ofMillis(1_100);

    private static final Duration AFTERMATH = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 4;

    @Override
    public String name() {
        return "sharelib_purge";
    }

    @Override
    public String title() {
        return "a purge while three servers serve the older of two sharelibs, and use launcher directories that are older than the"
                + " retention time; beside them are directories that nobody uses";
    }

    @Override
    public List<Measure> measures() {
        return Arrays.asList(
                Measure.of("attempts", "starts of all servers until a purge came after the last was up"),
                Measure.of("in_use", "directories in use before that purge").atLeast(4),
                Measure.of("sharelibs_in_use_deleted", "sharelibs in use deleted, in all attempts")
                        .atMost(0)
                        .stockFails(),
                Measure.of("launchers_in_use_deleted", "launcher directories in use deleted, in all attempts")
                        .atMost(0)
                        .stockFails());
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return new ClusterSettings()
                .servers(3, side)
                .session(SESSION)
                .shippingLauncherJars()
                .property("oozie.service.ShareLibService.temp.sharelib.retention.days", 0);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        int shareLibsDeleted = 0;
        int launchersDeleted = 0;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Attempt made = new Attempt(arena, ATTEMPTS * arena.number() + attempt);
            boolean purged = made.purges();
            shareLibsDeleted += made.shareLibsDeleted();
            launchersDeleted += made.launchersDeleted();
            if (purged) {
                Map<String, Number> figures = new LinkedHashMap<>();
                figures.put("attempts", attempt);
                figures.put("in_use", made.inUse());
                figures.put("sharelibs_in_use_deleted", shareLibsDeleted);
                figures.put("launchers_in_use_deleted", launchersDeleted);
                return figures;
            }
            arena.says("the purge came before all servers were up, or left what nobody uses, or did not come: again");
        }
        throw new IllegalStateException("no purge that deletes what nobody uses within " + PURGED + " of a start, in "
                + ATTEMPTS + " attempts; deleted though in use: " + shareLibsDeleted + " sharelibs, " + launchersDeleted
                + " launcher directories");
    }

    /** All servers stopped, the files laid out, all servers started, and the first purge. */
    private static final class Attempt {
        private final Arena arena;
        private final Cluster cluster;
        private final ShareLibs shareLibs;
        private final Collection<String> launchers = new TreeSet<>();
        private final Collection<String> ofNobody = new TreeSet<>();
        private final String served;

        private Attempt(Arena arena, int number) {
            this.arena = arena;
            this.cluster = arena.cluster();
            this.shareLibs = new ShareLibs(cluster.workspace());
            cluster.servers().forEach(OozieServer::stop);
            shareLibs.directories("l").forEach(shareLibs::delete);
            served = upload(Duration.ofDays(30).plusHours(number));
            ofNobody.add(upload(Duration.ofDays(40)));
            for (int days = 40; days < 43; days++) {
                String launcher = upload(Duration.ofDays(days)).replace("lib_", "launcher_");
                shareLibs.write(launcher, "oozie", "a.jar");
                ofNobody.add(launcher);
                ofNobody.add(launcher.replace("launcher_", "lib_"));
            }
        }

        private String upload(Duration ago) {
            String name = shareLibs.upload(ago);
            shareLibs.age(name, ago);
            return name;
        }

        /** False if it came to no purge that tells something. */
        private boolean purges() {
            for (OozieServer server : cluster.servers()) {
                server.start();
                Waiting.letPass(APART);
            }
            boolean loaded = Waiting.happens("all have loaded " + served, STARTED, this::allHaveLoaded);
            upload(Duration.ofDays(20));
            if (arena.side() == HaServices.PACK) {
                letTimePass();
            }
            boolean purged = Waiting.happens("a purge deletes what nobody uses", PURGED, () -> {
                launchers.addAll(launchers());
                return remaining(ofNobody).isEmpty();
            });
            Waiting.letPass(AFTERMATH);
            cluster.makeWhole();
            arena.says("in use " + served + ' ' + launchers + ", left " + shareLibs.directories("l"));
            return loaded && purged && launchers.size() == cluster.servers().size();
        }

        private boolean allHaveLoaded() {
            launchers.addAll(launchers());
            return cluster.servers().stream()
                    .allMatch(server -> server.logLines().stream().anyMatch(line -> line.contains(served)));
        }

        private List<String> launchers() {
            List<String> found = shareLibs.directories("launcher_");
            found.removeAll(ofNobody);
            return found;
        }

        /** As if a leader had seen every directory unused long ago; a purge of now finds out which are in use. */
        private void letTimePass() {
            try (ZooKeeperView view = cluster.zooKeeperView()) {
                Waiting.happens("the cluster knows three launcher directories", PURGED, () -> {
                    launchers.addAll(launchers());
                    return view.children("/ha/launchers").containsAll(launchers) && launchers.size() == 3;
                });
                String directories = shareLibs.directories("l").stream()
                        .map(name -> '"' + name + "\":{\"state\":\"UNUSED\",\"unused_since_ms\":0}")
                        .collect(Collectors.joining(","));
                String record = "{\"last_ms\":0,\"directories\":{" + directories + "},\"gone_since_ms\":{}}";
                view.plant("/ha/sharelib/purge", record.getBytes(StandardCharsets.UTF_8));
            }
        }

        private List<String> remaining(Collection<String> names) {
            List<String> left = shareLibs.directories("l");
            left.retainAll(names);
            return left;
        }

        private int inUse() {
            return 1 + launchers.size();
        }

        private int shareLibsDeleted() {
            return shareLibs.directories("l").contains(served) ? 0 : 1;
        }

        private int launchersDeleted() {
            return launchers.size() - remaining(launchers).size();
        }
    }
}
