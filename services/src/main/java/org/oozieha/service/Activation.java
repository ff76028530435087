package org.oozieha.service;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Leadership;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerState;
import org.oozieha.config.HaConfig;
import org.oozieha.http.Authentication;
import org.oozieha.http.PeerClient;
import org.oozieha.http.PeerException;
import org.oozieha.http.PeerTimeouts;
import org.oozieha.http.PeerTrust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what this server is announced as: ACTIVE once its advertised URL answers with its own incarnation, SAFEMODE while an operator
 * says so, DRAINING from shutdown on; and whether it stands for election.
 *
 * <p>HTTP starts after Oozie's services: the probe runs in the background, and after {@code oozie.ha.server.probe.timeout.ms} the
 * server becomes ACTIVE with a warning, because a server that peers cannot reach can still work.
 */
final class Activation implements ClusterListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.service");
    private static final long LOOK_EVERY_MS = 250;
    private static final int PROBE_MS = 2_000;

    private final Cluster cluster;
    private final Leadership leadership;
    private final HaConfig config;
    private final BooleanSupplier safeMode;
    private final BooleanSupplier leaving;
    private final PeerClient prober;
    private final ScheduledExecutorService looker = DaemonThread.named("oozie-ha-activation");
    private long startedNanos;
    private boolean ready;
    private String lastAnswer = "none yet";

    Activation(
            Cluster cluster,
            Leadership leadership,
            HaConfig config,
            PeerTrust trust,
            BooleanSupplier safeMode,
            BooleanSupplier leaving) {
        this.cluster = cluster;
        this.leadership = leadership;
        this.config = config;
        this.safeMode = safeMode;
        this.leaving = leaving;
        this.prober = new PeerClient(new PeerTimeouts(PROBE_MS, PROBE_MS, PROBE_MS), Authentication.none(), trust, 1);
    }

    void start() {
        startedNanos = System.nanoTime();
        ready = !config.activationHttpCheck();
        cluster.listen(this);
        looker.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Announces DRAINING and steps back from the election. */
    void leave() {
        apply();
    }

    @Override
    public void membersChanged(Members before, Members after) {
        standOrNot();
    }

    @Override
    public void close() {
        cluster.unlisten(this);
        looker.shutdownNow();
        prober.close();
    }

    private void look() {
        try {
            if (!ready && !leaving.getAsBoolean()) {
                ready = answers() || probedLongEnough();
            }
            apply();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("This server's state could not be decided", e);
        }
    }

    private synchronized void apply() {
        cluster.announce(
                leaving.getAsBoolean()
                        ? ServerState.DRAINING
                        : safeMode.getAsBoolean()
                                ? ServerState.SAFEMODE
                                : ready ? ServerState.ACTIVE : ServerState.JOINING);
        standOrNot();
    }

    private void standOrNot() {
        leadership.stand(ready
                && !leaving.getAsBoolean()
                && !safeMode.getAsBoolean()
                && !cluster.members().stockPresent());
    }

    private boolean answers() throws InterruptedException {
        try {
            String answer = prober.get(cluster.self().url(), "/ha/health", PROBE_MS)
                    .body()
                    .trim();
            lastAnswer = answer;
            return answer.endsWith(" " + cluster.lease().incarnation().number());
        } catch (PeerException e) {
            lastAnswer = e.getMessage();
            return false;
        }
    }

    private boolean probedLongEnough() {
        if (System.nanoTime() - startedNanos < config.serverProbeTimeoutMs() * 1_000_000) {
            return false;
        }
        LOG.warn(
                "This server's advertised URL did not answer with its own incarnation within oozie.ha.server.probe.timeout.ms ="
                        + " {} ms; it becomes ACTIVE all the same, but peers may not reach it: url={}/ha/health last_answer='{}'."
                        + " Set oozie.ha.server.url",
                config.serverProbeTimeoutMs(),
                cluster.self().url(),
                lastAnswer);
        return true;
    }
}
