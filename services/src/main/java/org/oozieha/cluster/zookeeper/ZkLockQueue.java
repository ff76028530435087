package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.zookeeper.ZkClaim.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link LockQueue} in stock Curator's protocol: {@code /locks/<key>/<unique>__WRIT__<seq>} or {@code __READ__}, ordered by the ten
 * digits at the end, so that stock and pack servers exclude each other.
 *
 * <p>A create and a listing are sent together, one round trip. A grant is decided on the reply to a listing only, and told when the
 * members' view is current. A create whose answer was lost is looked for by its unique name after the reconnect, and adopted or
 * removed. State is the loop's.
 */
final class ZkLockQueue implements LockQueue {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.lock");
    private static final byte[] NO_DATA = new byte[0];

    private final EventLoop loop;
    private final Lease lease;
    private final MembersView members;
    private final Map<String, Set<ZkClaim>> claims = new HashMap<>();
    private final LockConnection connection;
    private final LockNodeRemoval removal;

    ZkLockQueue(EventLoop loop, Lease lease, MembersView members) {
        this.loop = loop;
        this.lease = lease;
        this.members = members;
        this.connection = new LockConnection(loop);
        this.removal = new LockNodeRemoval(connection);
    }

    @Override
    public Claim enqueue(String key, Mode mode, ClaimListener listener) {
        if (key.isEmpty() || key.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not a lock key: '" + key + "'");
        }
        ZkClaim claim = new ZkClaim(this, key, mode, lease.incarnation(), listener);
        loop.execute(() -> add(claim));
        return claim;
    }

    void release(ZkClaim claim) {
        loop.execute(() -> drop(claim));
    }

    /** The session is there, registered as the current incarnation: everything that waits for it goes on. */
    void attach(ZkHandle newHandle) {
        connection.attach(newHandle);
        removal.resume();
        new ArrayList<>(claims.keySet()).forEach(this::resume);
    }

    void detach() {
        connection.detach();
    }

    /** The incarnation has ended, and all its nodes with it. */
    void end() {
        detach();
        removal.forget();
        List<ZkClaim> dead = new ArrayList<>();
        claims.values().forEach(dead::addAll);
        claims.clear();
        dead.forEach(ZkClaim::lose);
    }

    /** Something below {@code /locks} changed. */
    void changed(String path) {
        if (path.startsWith(Paths.LOCKS + '/')) {
            list(path.substring(Paths.LOCKS.length() + 1));
        }
    }

    private void add(ZkClaim claim) {
        if (claim.isOver()) {
            return;
        }
        if (!lease.stands(claim.incarnation())) {
            claim.lose();
            return;
        }
        claims.computeIfAbsent(claim.key(), k -> new LinkedHashSet<>()).add(claim);
        if (connection.isThere()) {
            create(claim, false);
        }
    }

    private void drop(ZkClaim claim) {
        Stage stage = claim.stage();
        if (stage == Stage.OVER) {
            return;
        }
        claim.stage(Stage.OVER);
        forget(claim);
        if (stage == Stage.QUEUED || stage == Stage.GRANTED) {
            removal.node(claim.path());
        } else if (stage == Stage.UNKNOWN) {
            removal.attempt(claim.key(), claim.attempt());
        }
    }

    private void forget(ZkClaim claim) {
        Set<ZkClaim> ofKey = claims.get(claim.key());
        if (ofKey != null && ofKey.remove(claim) && ofKey.isEmpty()) {
            claims.remove(claim.key());
        }
    }

    private void create(ZkClaim claim, boolean withParent) {
        ZkHandle sender = connection.handle();
        int sentOver = connection.number();
        claim.stage(Stage.CREATING);
        if (withParent) {
            sender.multi(Arrays.asList(
                            sender.createOp(Paths.lock(claim.key()), NO_DATA, CreateMode.CONTAINER),
                            sender.createOp(claim.createPath(), NO_DATA, CreateMode.EPHEMERAL_SEQUENTIAL)))
                    .whenComplete(EventLoop.logged((results, failure) -> created(
                            claim,
                            true,
                            sentOver,
                            failure == null ? ((OpResult.CreateResult) results.get(1)).getPath() : null,
                            failure)));
        } else {
            sender.create(claim.createPath(), NO_DATA, CreateMode.EPHEMERAL_SEQUENTIAL)
                    .whenComplete(EventLoop.logged((path, failure) -> created(claim, false, sentOver, path, failure)));
        }
        list(claim.key());
    }

    private void created(ZkClaim claim, boolean withParent, int sentOver, String path, Throwable failure) {
        Code code = Failures.code(failure);
        boolean over = claim.isOver();
        if (!lease.stands(claim.incarnation())) {
            return;
        }
        if (code == Code.OK) {
            claim.created(path.substring(path.lastIndexOf('/') + 1));
            if (over) {
                claim.stage(Stage.OVER);
                removal.node(claim.path());
            }
        } else if (Failures.isConnection(code)) {
            if (over) {
                removal.attempt(claim.key(), claim.attempt());
            } else {
                claim.stage(Stage.UNKNOWN);
                if (sentOver != connection.number() && connection.isThere()) {
                    resume(claim.key());
                }
            }
        } else if (!over) {
            notCreated(claim, withParent, code, failure);
        }
    }

    private void notCreated(ZkClaim claim, boolean withParent, Code code, Throwable failure) {
        claim.stage(Stage.NEW);
        if (!connection.isThere()) {
            return;
        }
        if (code == Code.NONODE && !withParent) {
            create(claim, true);
        } else if (code == Code.NONODE || code == Code.NODEEXISTS) {
            // somebody was faster with the parent, or deleted the node above it: mend that, and do not hurry
            connection.handle().create(Paths.LOCKS, NO_DATA, CreateMode.PERSISTENT);
            connection.later(() -> createAgain(claim));
        } else if (code == Code.NOAUTH) {
            LOG.error("A lock node cannot be created: key={} reason={}", claim.key(), code, failure);
            forget(claim);
            claim.lose();
        } else {
            LOG.warn("A lock node could not be created, trying again: key={} reason={}", claim.key(), code);
            connection.later(() -> createAgain(claim));
        }
    }

    private void createAgain(ZkClaim claim) {
        if (claim.stage() == Stage.NEW && connection.isThere()) {
            create(claim, false);
        }
    }

    private void list(String key) {
        if (!connection.isThere() || !claims.containsKey(key)) {
            return;
        }
        int sentOver = connection.number();
        connection.handle().getChildren(Paths.lock(key), true).whenComplete(EventLoop.logged((children, failure) -> {
            if (sentOver != connection.number()) {
                return;
            }
            Code code = Failures.code(failure);
            if (code == Code.OK) {
                look(key, children);
            } else if (code == Code.NONODE) {
                look(key, new ArrayList<>());
            } else if (!Failures.isConnection(code)) {
                LOG.error("A lock's queue cannot be read, trying again: key={} reason={}", key, code, failure);
                connection.later(() -> list(key));
            }
        }));
    }

    private void look(String key, List<String> children) {
        for (ZkClaim claim : copy(key)) {
            if (claim.stage() != Stage.QUEUED && claim.stage() != Stage.GRANTED) {
                continue;
            }
            children.stream().filter(claim::isSurplus).forEach(child -> removal.node(Paths.lock(key) + '/' + child));
            ZkClaim.Place place = claim.placeIn(children);
            if (place == ZkClaim.Place.GONE) {
                forget(claim);
                claim.lose();
            } else if (place != ZkClaim.Place.BLOCKED) {
                boolean contended = place == ZkClaim.Place.FIRST_AND_BLOCKING;
                members.whenCurrent(() -> granted(claim, contended));
            }
        }
    }

    private void granted(ZkClaim claim, boolean contended) {
        if (claim.stage() == Stage.QUEUED) {
            claim.grant();
        }
        claim.contended(contended);
    }

    private List<ZkClaim> copy(String key) {
        Set<ZkClaim> ofKey = claims.get(key);
        return ofKey == null ? new ArrayList<>() : new ArrayList<>(ofKey);
    }

    /** After a reconnect: creates that were lost are looked for, new ones sent, and the queue is read again. */
    private void resume(String key) {
        boolean unknown = false;
        for (ZkClaim claim : copy(key)) {
            if (claim.stage() == Stage.NEW) {
                create(claim, false);
            }
            unknown |= claim.stage() == Stage.UNKNOWN;
        }
        if (unknown) {
            connection.listSynced(key, children -> adopt(key, children));
        } else {
            list(key);
        }
    }

    private void adopt(String key, List<String> children) {
        for (ZkClaim claim : copy(key)) {
            if (claim.stage() == Stage.UNKNOWN) {
                String found = find(children, claim.attempt());
                if (found == null) {
                    create(claim, false);
                } else {
                    claim.created(found);
                }
            }
        }
        look(key, children);
    }

    private static String find(List<String> children, String attempt) {
        return children.stream().filter(c -> c.startsWith(attempt)).findFirst().orElse(null);
    }
}
