package org.oozieha.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue.Mode;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.lock.LockToken;

/** What must hold in every run. A breach is an {@link AssertionError} that begins with the invariant's name. */
final class Invariants {
    private final World world;
    private final MemoryEnsemble ensemble;
    private final List<Holding> holdings = new ArrayList<>();
    /** Incarnations ended by a wipe while their server could not know: only the database can stop them. */
    private final Set<Incarnation> robbed = new HashSet<>();

    Invariants(World world) {
        this.world = world;
        this.ensemble = world.ensemble;
    }

    void acquired(Server server, LockToken token) {
        holdings.add(new Holding(server, token));
        oneEffectiveHolder();
    }

    void released(LockToken token) {
        holdings.removeIf(h -> h.token == token);
    }

    void forget(Server server) {
        holdings.removeIf(h -> h.server == server);
    }

    void robbed(Incarnation incarnation) {
        robbed.add(incarnation);
    }

    /** No two servers have standing tokens on one key, unless both read. */
    void oneEffectiveHolder() {
        for (int i = 1; i < holdings.size(); i++) {
            Holding one = holdings.get(i);
            for (int j = 0; j < i; j++) {
                Holding other = holdings.get(j);
                if (one.excludes(other) && one.isEffective() && other.isEffective()) {
                    throw breach("one effective holder", one + " and " + other);
                }
            }
        }
    }

    void beforeCommit(Server server, Entities entities, Row current, Row loaded, Row next) {
        List<LockToken> tokens = new ArrayList<>();
        for (Holding holding : holdings) {
            if (holding.thread == Thread.currentThread()) {
                tokens.add(holding.token);
            }
        }
        for (LockToken token : tokens) {
            if (isGone(token.incarnation())) {
                throw breach("no commit by a gone incarnation", token + " writes " + next);
            }
        }
        if (tokens.isEmpty() && isOver(entities.incarnation)) {
            throw breach("no commit by a gone incarnation", entities.incarnation + " writes " + next);
        }
        if (loaded != null) {
            if (current.version != loaded.version) {
                throw breach("one effective holder", server.id + " writes " + next + " but meanwhile it is " + current);
            }
            oneHolderOf(server, loaded.id, next);
            oneHolderOf(server, World.jobOf(loaded.id), next);
        }
    }

    /** In mode database an ended session is gone only once that is recorded: until then nobody is granted what it held. */
    private boolean isGone(Incarnation incarnation) {
        return world.settings.databaseFences
                ? world.database.servers.isMarked(incarnation)
                : !ensemble.isRegistered(incarnation);
    }

    /** For those without a lock, which may commit in an outage. */
    private boolean isOver(Incarnation opened) {
        if (world.settings.databaseFences) {
            return world.database.servers.isMarked(opened);
        }
        return ensemble.registered(opened.serverId())
                .filter(now -> now.supersedes(opened))
                .isPresent();
    }

    private void oneHolderOf(Server server, String key, Row next) {
        for (Holding holding : holdings) {
            if (holding.server != server && holding.token.key().equals(key) && holding.isEffective()) {
                throw breach("one effective holder", server.id + " writes " + next + " while " + holding);
            }
        }
    }

    void readAgain(Server server, LockToken token, Row before, Row after) {
        if (token.stands()
                && !world.settings.wildClocks
                && !robbed.contains(token.incarnation())
                && before.version != after.version) {
            throw breach("readers exclude writers", server.id + " read " + before + ", then " + after);
        }
    }

    static AssertionError breach(String invariant, String what) {
        return new AssertionError(invariant + ": " + what);
    }

    private final class Holding {
        private final Server server;
        private final LockToken token;
        private final Thread thread = Thread.currentThread();

        private Holding(Server server, LockToken token) {
            this.server = server;
            this.token = token;
        }

        private boolean excludes(Holding other) {
            return thread != other.thread
                    && token.key().equals(other.token.key())
                    && (token.mode() == Mode.WRITE || other.token.mode() == Mode.WRITE);
        }

        private boolean isEffective() {
            return token.stands() && !robbed.contains(token.incarnation()) && (!world.settings.wildClocks || isSafe());
        }

        private boolean isSafe() {
            return ensemble.isRegistered(token.incarnation()) && !isGone(token.incarnation());
        }

        @Override
        public String toString() {
            return server.id + " has " + token;
        }
    }
}
