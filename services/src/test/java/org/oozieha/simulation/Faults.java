package org.oozieha.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** What goes wrong, when and for how long. Everything that begins has its end on the world's agenda. */
final class Faults {
    private enum Kind {
        CRASH,
        PAUSE,
        CUT,
        FOLLOWER_CUT,
        OUTAGE,
        EXPIRE,
        DRAIN,
        LATE_CALLBACKS,
        WIPE,
        DATABASE
    }

    private static final String[] IDS = {"a", "b", "c", "d"};
    private static final long DRAIN_LIMIT_MS = 30_000;

    private final World world;
    private final Random random;
    private final MemoryEnsemble ensemble;
    private final int every;
    /** Each run has its own mixture, so that few kinds hide nothing from each other. */
    private final List<Kind> kinds = new ArrayList<>();

    private boolean outage;
    private boolean over;
    private int open;

    /** @param every on average a fault begins in one of so many calls of {@link #maybe} */
    Faults(World world, int every) {
        this.world = world;
        this.random = world.random;
        this.ensemble = world.ensemble;
        this.every = every;
        while (kinds.isEmpty()) {
            for (Kind kind : Kind.values()) {
                for (int i = random.nextInt(4); i > 1; i--) {
                    kinds.add(kind);
                }
            }
        }
    }

    /** Called once a step. */
    void maybe() {
        if (random.nextInt(every) > 0) {
            return;
        }
        String joining = IDS[random.nextInt(IDS.length)];
        if (!world.has(joining)) {
            joinLater(joining, 0);
        }
        if (world.servers().isEmpty()) {
            return;
        }
        Server server = world.anyServer();
        Kind kind = kinds.get(random.nextInt(kinds.size()));
        switch (kind) {
            case CRASH:
                crash(server);
                break;
            case PAUSE:
                pause(server);
                break;
            case CUT:
                cut(server, false);
                break;
            case FOLLOWER_CUT:
                cut(server, true);
                break;
            case OUTAGE:
                outage();
                break;
            case EXPIRE:
                expire(server);
                break;
            case DRAIN:
                drain(server);
                break;
            case LATE_CALLBACKS:
                delayCallbacks(server);
                break;
            case WIPE:
                wipe();
                break;
            case DATABASE:
                databaseDown();
                break;
            default:
                throw new AssertionError(kind);
        }
    }

    /** No more of them; what has begun ends soon. */
    void end() {
        over = true;
    }

    boolean areOver() {
        return over && open == 0;
    }

    private long anyTime() {
        return random.nextInt(random.nextBoolean() ? 4_000 : 20_000);
    }

    private void begin(String what, String about) {
        world.trace(what, about);
        open++;
    }

    private void later(long ms, Runnable end) {
        world.agenda.after(ms, end);
    }

    private void joinLater(String id, long ms) {
        open++;
        later(ms, () -> {
            open--;
            if (outage) {
                joinLater(id, 1_000);
            } else if (!world.has(id)) {
                world.join(id);
            }
        });
    }

    private void crash(Server server) {
        world.trace("crash", server.id);
        server.die();
        ensemble.crash(server.id);
        world.remove(server);
        joinLater(server.id, anyTime());
    }

    private void pause(Server server) {
        if (server.paused) {
            return;
        }
        begin("pause", server.id);
        server.paused = true;
        ensemble.pause(server.id);
        later(anyTime(), () -> {
            server.paused = false;
            server.answerReadAt = server.clock.getAsLong();
            later(random.nextInt(400), () -> goOn(server));
        });
    }

    /** Its threads run again; only now does the client reach the service, and later the callbacks get their turn. */
    private void goOn(Server server) {
        if (world.isThere(server) && !server.paused) {
            ensemble.resume(server.id);
            later(random.nextInt(500), () -> {
                if (world.isThere(server) && !server.paused) {
                    ensemble.holdEvents(server.id, false);
                }
            });
        }
        open--;
    }

    private void cut(Server server, boolean readsAnswered) {
        begin(readsAnswered ? "follower cut" : "cut", server.id);
        ensemble.cut(server.id);
        server.readsAnswered |= readsAnswered;
        later(anyTime(), () -> {
            if (world.isThere(server)) {
                server.readsAnswered = false;
                ensemble.heal(server.id);
            }
            open--;
        });
    }

    private void outage() {
        if (outage) {
            return;
        }
        begin("outage", "");
        outage = true;
        ensemble.stop();
        later(anyTime(), () -> {
            outage = false;
            ensemble.start();
            world.servers().forEach(s -> s.readsAnswered = false);
            open--;
        });
    }

    private void expire(Server server) {
        if (mayRob(server)) {
            world.trace("expire", server.id);
            ensemble.expire(server.id);
        }
    }

    private void wipe() {
        if (!outage && world.servers().stream().allMatch(this::mayRob)) {
            world.trace("wipe", "");
            ensemble.wipe();
        }
    }

    /** No lease holds against someone who deletes sessions: where the server is not told at once, only the database can help. */
    private boolean mayRob(Server server) {
        boolean told = ensemble.isConnected(server.id);
        if (!told && world.settings.databaseFences) {
            world.invariants.robbed(server.cluster.lease().incarnation());
        }
        return told || world.settings.databaseFences;
    }

    private void databaseDown() {
        if (!world.database.isDown()) {
            begin("database down", "");
            world.database.down(true);
            later(anyTime(), () -> {
                world.database.down(false);
                open--;
            });
        }
    }

    private void delayCallbacks(Server server) {
        if (!server.paused) {
            begin("callbacks late", server.id);
            ensemble.holdEvents(server.id, true);
            later(random.nextInt(2_000), () -> {
                if (world.isThere(server) && !server.paused) {
                    ensemble.holdEvents(server.id, false);
                }
                open--;
            });
        }
    }

    private void drain(Server server) {
        if (server.draining) {
            return;
        }
        begin("drain", server.id);
        server.draining = true;
        server.announce(ServerState.DRAINING);
        drained(server, 0);
    }

    private void drained(Server server, long waitedMs) {
        if (!world.isThere(server)) {
            open--;
        } else if (server.paused || server.isBusy() && waitedMs < DRAIN_LIMIT_MS) {
            later(100, () -> drained(server, waitedMs + 100));
        } else {
            world.trace("stop", server.id);
            server.stop();
            world.remove(server);
            open--;
            joinLater(server.id, anyTime());
        }
    }
}
