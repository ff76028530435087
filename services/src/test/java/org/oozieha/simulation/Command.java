package org.oozieha.simulation;

import static org.oozieha.cluster.LockQueue.Mode.READ;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.persistence.OptimisticLockException;
import org.oozieha.lock.LockToken;

/** What a worker does with one entry of its queue, in the order stock's commands do it: lock, load, work, commit, release. */
final class Command {
    static final String SUBMIT = "submit ";
    static final String INSPECT = "inspect ";
    private static final long LOCK_WAIT_MS = 5_000;
    private static final long REQUEUE_MS = 2_000;

    private final Server server;
    private final World world;
    private final Random random;

    Command(Server server) {
        this.server = server;
        this.world = server.world;
        this.random = world.random;
    }

    void run(String command) {
        if (command.startsWith(SUBMIT)) {
            submit(command.substring(SUBMIT.length()));
        } else if (command.startsWith(INSPECT)) {
            inspect(command.substring(INSPECT.length()));
        } else {
            advance(command);
        }
    }

    /** As a request of a client: no lock. What was refused the client would send again; here it does not. */
    private void submit(String id) {
        Entities entities = Entities.open(server);
        work();
        try {
            server.commit(entities, null, world.newJob(id));
            server.enqueue(id, 0);
        } catch (OptimisticLockException refused) {
            world.trace("refused", id);
        }
    }

    private void inspect(String job) {
        Optional<LockToken> token = server.acquire(job, READ, random.nextInt(2) * LOCK_WAIT_MS);
        if (token.isPresent()) {
            try {
                Row before = world.database.read(job);
                work();
                world.invariants.readAgain(server, token.get(), before, world.database.read(job));
            } finally {
                server.release(token.get());
            }
        }
    }

    private void advance(String job) {
        Optional<LockToken> token = server.acquire(job, WRITE, random.nextInt(8) == 0 ? 0 : LOCK_WAIT_MS);
        if (!token.isPresent()) {
            world.trace("lock not obtained", job);
            server.enqueue(job, REQUEUE_MS);
            return;
        }
        try {
            server.awaitDatabase();
            Row row = world.database.read(job);
            if (!row.isFinished()) {
                if (row.forksNow() && !fork(job)) {
                    server.enqueue(job, REQUEUE_MS);
                } else {
                    proceed(row);
                }
            }
        } finally {
            server.release(token.get());
        }
    }

    /** One step of a job or an action; stock's error handling writes what it believes when that is refused. */
    private boolean proceed(Row row) {
        Entities entities = Entities.open(server);
        try {
            world.variant.beforeWork(server, entities);
            work();
            server.commit(entities, row, row.next());
            if (row.isJob() && !row.next().isFinished()) {
                server.enqueue(row.id, 0);
            }
            return true;
        } catch (OptimisticLockException refused) {
            work();
            failed(row);
            return false;
        }
    }

    private void failed(Row row) {
        try {
            server.commit(Entities.open(server), row, row.failure());
        } catch (OptimisticLockException refused) {
            world.trace("vetoed", row.id);
        }
    }

    /** Runs the actions on threads of their own, under this thread's lock on the job. True if all are finished. */
    private boolean fork(String job) {
        List<Strand> actions = new ArrayList<>();
        List<String> ids = world.actionsOf(job);
        for (String id : ids) {
            actions.add(server.start("fork-" + id, () -> action(id)));
        }
        for (Strand action : actions) {
            while (!action.isOver()) {
                Strand.current().awaitMs(100);
            }
        }
        return ids.stream().allMatch(id -> world.database.read(id).isFinished());
    }

    private void action(String id) {
        if (random.nextBoolean()) {
            work();
        }
        Optional<LockToken> token = server.acquire(world.variant.keyOfForkedAction(id), WRITE, LOCK_WAIT_MS);
        if (token.isPresent()) {
            try {
                Row row = world.database.read(id);
                if (!row.isFinished()) {
                    proceed(row);
                }
            } finally {
                server.release(token.get());
            }
        }
    }

    /** Time passes: mostly little, now and then more than a lease. */
    private void work() {
        int parts = 1 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            Strand.current().awaitMs(random.nextInt(random.nextInt(10) == 0 ? 6_000 : 300));
        }
    }
}
