package org.oozieha.it.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.LinkProxy;
import org.oozieha.it.harness.OozieCommand;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.ShareLibs;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.ZooKeeperView;

/** One run of {@link ShareLibUpdates}: the command is given to the first server; the third one is the peer that meets the fault. */
final class ShareLibFaults {
    static final Duration GIVE_UP = Duration.ofSeconds(100);
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final Duration SEEN = Duration.ofSeconds(15);
    private static final Duration WRITES_APART = Duration.ofMillis(100);
    /** Ten hours before now is the first; every upload has a later time in its name than the one before. */
    private static final int MOST_UPLOADS = 600;

    private final Arena arena;
    private final Cluster cluster;
    private final ShareLibs shareLibs;
    private final OozieServer updater;
    private final OozieServer other;
    private final OozieServer peer;
    private final Map<String, Number> figures = new LinkedHashMap<>();
    private int uploads;
    private int exits;

    ShareLibFaults(Arena arena) {
        this.arena = arena;
        this.cluster = arena.cluster();
        this.shareLibs = new ShareLibs(cluster.workspace());
        this.updater = cluster.server(1);
        this.other = cluster.server(2);
        this.peer = cluster.server(3);
    }

    Map<String, Number> run() {
        figures.put(
                "launcher_directories_shared",
                3 - shareLibs.directories("launcher_").size());
        threeLiveServers();
        aPeerIsDead();
        aPeerHangs();
        theUpdaterIsKilled();
        aPeerIsStartedAgain();
        aPeerIsCutFromZooKeeper();
        zooKeeperIsAway();
        anUploadIsInProgress();
        figures.put("exits", exits);
        return figures;
    }

    private void threeLiveServers() {
        long longest = 0;
        for (int i = 0; i < 3; i++) {
            longest = Math.max(longest, untilAllServe(upload()));
        }
        figures.put("all_serve_ms", longest);
        String old = upload();
        shareLibs.age(old, Duration.ofHours(1));
        figures.put("all_serve_old_upload_ms", untilAllServe(old));
        upload();
        figures.put("command_ms", command("three live servers").millis());
        note("-shareliblist", new OozieCommand(cluster).ask(updater, GIVE_UP, "admin", "-shareliblist"));
    }

    private long untilAllServe(String version) {
        long begun = System.nanoTime();
        shareLibs.update(updater, true, GIVE_UP);
        Waiting.until("all serve " + version, SETTLED, () -> behind(version, cluster.servers()) == 0);
        return millisSince(begun);
    }

    private void aPeerIsDead() {
        peer.kill();
        String version = upload();
        figures.put("dead_ms", command("a peer is dead").millis());
        figures.put("dead_behind", behind(version, Arrays.asList(updater, other)));
        upload();
        peer.start();
        peer.awaitReady();
        Waiting.happens("all serve the same", SEEN, () -> split() == 0);
        figures.put("dead_split", split());
        cluster.makeWhole();
    }

    private void aPeerHangs() {
        String version = upload();
        peer.pause();
        OozieCommand.Answer answer = command("a peer hangs");
        figures.put("hung_ms", answer.millis());
        figures.put("hung_no_answer", answer.hasEnded() ? 0 : 1);
        figures.put("hung_behind", behind(version, Arrays.asList(updater, other)));
        peer.resume();
        figures.put("hung_catches_up_ms", catchesUp(version));
        heal();
    }

    private void theUpdaterIsKilled() {
        other.pause();
        String version = upload();
        whileUpdating("the updating server is killed", () -> {
            awaitBegun(peer, version);
            updater.kill();
            other.resume();
            awaitExitOfStock(other);
            updater.start();
            heal();
        });
        figures.put("killed_updater_behind", behindAtLast(version));
    }

    private void aPeerIsStartedAgain() {
        peer.pause();
        String version = upload();
        OozieCommand.Answer answer = whileUpdating("a peer is killed and started again", () -> {
            awaitBegun(other, version);
            peer.kill();
            peer.start();
        });
        figures.put("restarted_ms", answer.millis());
        heal();
        figures.put("restarted_behind", behindAtLast(version));
    }

    private OozieCommand.Answer whileUpdating(String fault, Runnable meanwhile) {
        CompletableFuture<OozieCommand.Answer> answer = CompletableFuture.supplyAsync(() -> command(fault));
        try {
            meanwhile.run();
        } finally {
            answer.join();
        }
        return answer.join();
    }

    /** Stock may turn to the server that stands still first, and then tells nobody else. */
    private void awaitBegun(OozieServer server, String version) {
        if (!Waiting.happens(server.id() + " serves " + version, SEEN, () -> serves(server, version))
                && arena.side() == HaServices.PACK) {
            throw new IllegalStateException(server.id() + " does not serve " + version + " within " + SEEN);
        }
    }

    private void aPeerIsCutFromZooKeeper() {
        List<LinkProxy> links = cluster.links(3).toZooKeeper();
        links.forEach(LinkProxy::blackHole);
        String version = upload();
        figures.put("cut_ms", command("a peer is cut from ZooKeeper").millis());
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            Waiting.until("its session is over", SETTLED, () -> !view.servers().contains(peer.id()));
        }
        links.forEach(LinkProxy::heal);
        awaitExitOfStock(peer);
        figures.put("cut_catches_up_ms", catchesUp(version));
        heal();
    }

    private void zooKeeperIsAway() {
        cluster.zooKeeper().kill();
        String version = upload();
        figures.put("away_ms", command("ZooKeeper is away").millis());
        figures.put("away_split", split());
        cluster.zooKeeper().start();
        Waiting.happens("a server ends", SEEN, () -> arena.side() == HaServices.STOCK && dead() > 0);
        heal();
        Waiting.happens("an update succeeds", SETTLED, () -> shareLibs
                .update(updater, true, GIVE_UP)
                .contains("Successful"));
        figures.put("away_behind", behindAtLast(version));
    }

    private void anUploadIsInProgress() {
        String uploading = upload();
        AtomicBoolean goesOn = new AtomicBoolean(true);
        CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> {
            for (int i = 1; goesOn.get(); i++) {
                shareLibs.write(uploading, "hive", i + ".jar");
                LockSupport.parkNanos(WRITES_APART.toNanos());
            }
        });
        try {
            cluster.restart(2);
            figures.put("half_at_start", serves(other, uploading) ? 1 : 0);
            command("an upload is in progress");
            figures.put("half_by_command", cluster.servers().size() - behind(uploading, cluster.servers()));
        } finally {
            goesOn.set(false);
            upload.join();
        }
    }

    private String upload() {
        return shareLibs.upload(Duration.ofMinutes(MOST_UPLOADS - ++uploads));
    }

    private OozieCommand.Answer command(String fault) {
        OozieCommand.Answer answer = new OozieCommand(cluster).ask(updater, GIVE_UP, "admin", "-sharelibupdate");
        note("-sharelibupdate, " + fault, answer);
        return answer;
    }

    private void note(String what, OozieCommand.Answer answer) {
        String end = answer.hasEnded() ? " after " : ", given up after ";
        String text = what + end + answer.millis() + " ms\n" + answer.printed();
        arena.says(text);
        Path file = cluster.workspace().dir().resolve("cli.txt");
        try {
            Files.write(
                    file,
                    (text + "\n\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private boolean serves(OozieServer server, String version) {
        return version.equals(shareLibs.servedBy(server));
    }

    private int behind(String version, Collection<OozieServer> servers) {
        return (int) servers.stream().filter(server -> !serves(server, version)).count();
    }

    private int behindAtLast(String version) {
        Waiting.happens("all serve " + version, SETTLED, () -> behind(version, cluster.servers()) == 0);
        return behind(version, cluster.servers());
    }

    /** How many servers differ from the most that agree. */
    private long split() {
        Map<String, Long> counts = cluster.servers().stream()
                .map(shareLibs::servedBy)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return cluster.servers().size()
                - counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private long catchesUp(String version) {
        long begun = System.nanoTime();
        Waiting.happens("the peer serves " + version, SETTLED, () -> !peer.isAlive() || serves(peer, version));
        long millis = millisSince(begun);
        awaitExitOfStock(peer);
        return peer.isAlive() && serves(peer, version) ? millis : -1;
    }

    /** Stock servers end some time after they find that their session has ended. */
    private void awaitExitOfStock(OozieServer server) {
        if (arena.side() == HaServices.STOCK) {
            Waiting.happens(server.id() + " ends", SEEN, () -> !server.isAlive());
        }
    }

    private int dead() {
        return cluster.servers().size() - cluster.liveServers().size();
    }

    private void heal() {
        exits += dead();
        cluster.makeWhole();
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
