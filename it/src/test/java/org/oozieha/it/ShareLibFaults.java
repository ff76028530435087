package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.AfterClass;
import org.junit.Assume;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieCommand;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.ShareLibs;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperView;

/**
 * Sharelib updates under faults on three servers, the same steps with the pack's and with stock's services ({@code it.services}); what
 * was seen is printed, and asserted for the pack. Default timeouts; sessions of 10 s. The order of the methods is that of the scenario.
 */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public final class ShareLibFaults {
    private static final Duration DEFAULT_UPDATE = Duration.ofSeconds(30);
    /** Those whose classes a stock server has; stock loads no sharelib if it cannot ship the jars of one of them. */
    private static final String EXECUTORS = String.join(
            ",",
            "org.apache.oozie.action.decision.DecisionActionExecutor",
            "org.apache.oozie.action.hadoop.JavaActionExecutor",
            "org.apache.oozie.action.hadoop.FsActionExecutor",
            "org.apache.oozie.action.oozie.SubWorkflowActionExecutor");

    private static final Duration GIVE_UP = Duration.ofSeconds(100);

    private static Cluster cluster;
    private static ShareLibs shareLibs;
    private static int uploads;

    @BeforeClass
    public static void start() {
        Workspace workspace = Workspace.emptied("sharelib-faults");
        shareLibs = new ShareLibs(workspace);
        shareLibs.age(upload(), Duration.ofHours(1));
        cluster = Cluster.start(
                workspace,
                new ClusterSettings()
                        .servers(3, SharedCluster.services())
                        .session(SharedCluster.SESSION)
                        .property("oozie.action.ship.launcher.jar", true)
                        .property("oozie.service.ActionService.executor.classes", EXECUTORS),
                line -> {});
    }

    @AfterClass
    public static void stop() {
        cluster.close();
    }

    private static boolean pack() {
        return SharedCluster.services() == HaServices.PACK;
    }

    private static void say(String what, Object seen) {
        System.out.println("sharelib " + SharedCluster.services() + " | " + what + " | " + seen);
    }

    /** Later than the last one. */
    private static String upload() {
        return shareLibs.upload(Duration.ofMinutes(60 - ++uploads));
    }

    private static boolean allServe(String version, List<OozieServer> servers) {
        return servers.stream().allMatch(server -> version.equals(shareLibs.servedBy(server)));
    }

    private static String served() {
        return cluster.servers().stream()
                .map(server -> server.id() + "=" + shareLibs.servedBy(server))
                .collect(Collectors.joining(" "));
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    private static void makeWhole() {
        cluster.servers().stream().filter(server -> !server.isAlive()).forEach(OozieServer::start);
        cluster.servers().forEach(OozieServer::awaitReady);
        Waiting.until(
                "all servers are in the load balancer",
                Duration.ofSeconds(60),
                () -> cluster.balancer().serversIn().size() == 3);
    }

    @Test
    public void a_time_until_all_three_serve_the_new_version() {
        for (int i = 0; i < 4; i++) {
            String version = upload();
            boolean aged = i == 3;
            if (aged) {
                shareLibs.age(version, Duration.ofHours(1));
            }
            long begun = System.nanoTime();
            String answer = shareLibs.update(cluster.server(1), true, Duration.ofSeconds(60));
            long answered = millisSince(begun);
            Waiting.until("all serve " + version, Duration.ofSeconds(30), () -> allServe(version, cluster.servers()));
            say(
                    "update of three live servers, uploaded " + (aged ? "an hour ago" : "just now")
                            + ": answer, all three serve it (ms)",
                    answered + ", " + millisSince(begun));
            assertTrue(answer, answer.contains("Successful"));
        }
        String version = upload();
        say("CLI, three live servers", "\n" + new OozieCommand(cluster).run("admin", "-sharelibupdate"));
        assertTrue(served(), allServe(version, cluster.servers()));
        say("CLI, -shareliblist", "\n" + new OozieCommand(cluster).run("admin", "-shareliblist"));
    }

    @Test
    public void b_a_peer_is_dead() {
        cluster.server(3).kill();
        String version = upload();
        long begun = System.nanoTime();
        String answer = shareLibs.update(cluster.server(1), true, GIVE_UP);
        say("update while a peer is dead (kill -9): answer (ms)", millisSince(begun) + "\n" + answer);
        say("served", served());
        if (pack()) {
            assertTrue(answer, answer.contains("oozie-3: will load when it returns"));
            assertTrue(allServe(version, cluster.servers().subList(0, 2)));
        }
        String later = upload();
        cluster.server(3).start();
        cluster.server(3).awaitReady();
        say("served after a restart of the peer, with " + later + " uploaded but not published", served());
        if (pack()) {
            Waiting.until("all serve " + version, Duration.ofSeconds(30), () -> allServe(version, cluster.servers()));
        }
        makeWhole();
    }

    @Test
    public void c_a_peer_hangs() {
        OozieServer hung = cluster.server(3);
        String version = upload();
        hung.pause();
        long begun = System.nanoTime();
        String answer;
        try {
            answer = shareLibs.update(cluster.server(1), true, GIVE_UP);
        } catch (RuntimeException e) {
            answer = "no answer: " + e.getMessage();
        }
        say("update while a peer hangs (SIGSTOP): answer (ms)", millisSince(begun) + "\n" + answer);
        say(
                "served by the live ones",
                shareLibs.servedBy(cluster.server(1)) + " " + shareLibs.servedBy(cluster.server(2)));
        if (pack()) {
            assertTrue(allServe(version, cluster.servers().subList(0, 2)));
            assertTrue(millisSince(begun)
                    <= Waiting.scaled(DEFAULT_UPDATE.plusSeconds(5)).toMillis());
        }
        hung.resume();
        long resumed = System.nanoTime();
        if (pack()) {
            Waiting.until(
                    "the peer serves " + version,
                    Duration.ofSeconds(30),
                    () -> version.equals(shareLibs.servedBy(hung)));
            say("the peer serves it after it goes on (ms)", millisSince(resumed));
        } else {
            Waiting.until("the peer answers or ends", Duration.ofSeconds(60), () -> !hung.isAlive() || hung.isReady());
            say("the peer after it goes on", (hung.isAlive() ? "serves " : "ended ") + shareLibs.servedBy(hung));
        }
        makeWhole();
    }

    @Test
    public void d_the_updating_server_is_killed_in_the_middle() {
        Assume.assumeTrue("stock servers are not told by others", pack());
        cluster.server(2).pause();
        String version = upload();
        CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> shareLibs.update(cluster.server(1), true, GIVE_UP));
        Waiting.until(
                "a peer serves " + version,
                Duration.ofSeconds(20),
                () -> version.equals(shareLibs.servedBy(cluster.server(3))));
        cluster.server(1).kill();
        cluster.server(2).resume();
        answer.handle((text, failure) -> text).join();
        cluster.server(1).start();
        cluster.servers().forEach(OozieServer::awaitReady);
        Waiting.until("all serve " + version, Duration.ofSeconds(30), () -> allServe(version, cluster.servers()));
        say("the updating server was killed in the middle: all serve", version);
        makeWhole();
    }

    @Test
    public void e_zookeeper_is_away() {
        Assume.assumeTrue("stock servers exit", pack());
        String before = shareLibs.servedBy(cluster.server(1));
        cluster.zooKeeper().kill();
        String version = upload();
        long begun = System.nanoTime();
        String answer = shareLibs.update(cluster.server(1), true, GIVE_UP);
        say("update while ZooKeeper is away: answer (ms)", millisSince(begun) + "\n" + answer);
        assertTrue(answer, answer.contains("ZooKeeper"));
        assertTrue(served(), allServe(before, cluster.servers()));
        cluster.zooKeeper().start();
        makeWhole();
        Waiting.until("an update succeeds again", Duration.ofSeconds(60), () -> shareLibs
                .update(cluster.server(2), true, GIVE_UP)
                .contains("Successful"));
        assertTrue(served(), allServe(version, cluster.servers()));
    }

    @Test
    public void f_an_upload_is_in_progress_while_a_server_starts_and_while_an_update_is_asked_for() {
        Assume.assumeTrue("stock servers take it", pack());
        String before = shareLibs.servedBy(cluster.server(1));
        String uploading = "lib_29990101000000";
        shareLibs.write(uploading, "hive", "0.jar");
        Thread upload = new Thread(() -> {
            for (int i = 1; !Thread.currentThread().isInterrupted(); i++) {
                shareLibs.write(uploading, "hive", i + ".jar");
                java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            }
        });
        upload.start();
        try {
            String answer = shareLibs.update(cluster.server(1), true, GIVE_UP);
            say("update while an upload is in progress", "\n" + answer);
            assertTrue(answer, answer.contains("still being uploaded"));
            cluster.server(2).stop();
            cluster.server(2).start();
            cluster.server(2).awaitReady();
            assertTrue(served(), allServe(before, cluster.servers()));
        } finally {
            upload.interrupt();
        }
        makeWhole();
    }

    @Test
    public void g_launcher_directories_of_live_servers_are_all_there_and_known() {
        List<String> launchers = shareLibs.directories("launcher_");
        say("launcher directories", launchers);
        if (pack()) {
            for (OozieServer server : cluster.servers()) {
                assertTrue(
                        launchers.toString(),
                        launchers.stream().anyMatch(name -> name.contains("_" + server.id() + "_")));
            }
            List<String> known = new ArrayList<>();
            try (ZooKeeperView view = cluster.zooKeeperView()) {
                known.addAll(view.children("/ha/launchers"));
            }
            known.sort(null);
            assertEquals(launchers, known);
        }
    }

    /** Two directories uploaded weeks ago: a server has loaded the older one when the newer one comes, without an update. */
    @Test
    public void h_a_purge_while_a_server_serves_the_older_of_two_old_sharelibs() {
        Workspace workspace = Workspace.emptied("sharelib-purge");
        ShareLibs here = new ShareLibs(workspace);
        String old = here.upload(Duration.ofDays(30));
        here.age(old, Duration.ofDays(30));
        CompletableFuture<String> upload = CompletableFuture.supplyAsync(() -> {
            Waiting.until("the server loads " + old, Duration.ofSeconds(90), () -> logs(workspace, 1, old));
            return here.upload(Duration.ofDays(20));
        });
        ClusterSettings settings =
                new ClusterSettings().servers(1, SharedCluster.services()).session(SharedCluster.SESSION);
        try (Cluster one = Cluster.start(workspace, settings, line -> {})) {
            String newer = upload.join();
            assertEquals(old, here.servedBy(one.server(1)));
            boolean deleted = awaitPurge(one, () -> !here.directories("lib_").contains(old));
            say("purge: in use " + old + ", newer " + newer + "; left", here.directories("lib_"));
            say("purge: sharelibs in use deleted", deleted ? 1 : 0);
            assertTrue("deleted", !pack() || !deleted);
        }
    }

    /** Retention of 0 days stands for servers that were started more than the default 7 days apart. */
    @Test
    public void i_a_purge_of_the_launcher_directories_of_three_live_servers() {
        Workspace workspace = Workspace.emptied("sharelib-launchers");
        ShareLibs here = new ShareLibs(workspace);
        here.age(here.upload(Duration.ofDays(1)), Duration.ofDays(1));
        Set<String> seen = new ConcurrentSkipListSet<>();
        AtomicBoolean watching = new AtomicBoolean(true);
        CompletableFuture<Void> watch =
                CompletableFuture.runAsync(() -> Waiting.until("the end of the scenario", Duration.ofMinutes(5), () -> {
                    seen.addAll(here.directories("launcher_"));
                    return !watching.get();
                }));
        ClusterSettings settings = new ClusterSettings()
                .servers(3, SharedCluster.services())
                .session(SharedCluster.SESSION)
                .property("oozie.action.ship.launcher.jar", true)
                .property("oozie.service.ActionService.executor.classes", EXECUTORS)
                .property("oozie.service.ShareLibService.temp.sharelib.retention.days", 0);
        try (Cluster three = Cluster.start(workspace, settings, line -> {})) {
            awaitPurge(three, () -> here.directories("launcher_").size() < seen.size());
            watching.set(false);
            watch.join();
            List<String> left = here.directories("launcher_");
            say("launcher directories of three live servers: made", seen);
            say("purge: launcher directories in use deleted", seen.size() - left.size());
            assertTrue("deleted", !pack() || left.size() == 3 && seen.size() == 3);
        }
    }

    /** Stock purges 10 s after the start, and then daily; true if the condition came true. */
    private static boolean awaitPurge(Cluster of, Callable<Boolean> deleted) {
        try {
            Waiting.until("a purge deletes", Duration.ofSeconds(20), () -> {
                try (ZooKeeperView view = of.zooKeeperView()) {
                    return deleted.call() || pack() && view.content("/ha/sharelib/purge") != null;
                }
            });
            return deleted.call();
        } catch (Exception nothing) {
            return false;
        }
    }

    private static boolean logs(Workspace workspace, int server, String text) throws IOException {
        Path log = workspace.dir("oozie-" + server).resolve("logs").resolve("oozie.log");
        return Files.exists(log) && new String(Files.readAllBytes(log), StandardCharsets.UTF_8).contains(text);
    }
}
