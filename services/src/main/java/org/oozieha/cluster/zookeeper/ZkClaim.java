package org.oozieha.cluster.zookeeper;

import java.util.List;
import java.util.UUID;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;

/** One node in one lock's queue. Its state belongs to the loop; the listener is told there. */
final class ZkClaim implements LockQueue.Claim {
    private static final int SEQUENCE_DIGITS = 10;
    private static final String WRITE_MARK = "__WRIT__";
    private static final String READ_MARK = "__READ__";

    /** Where the claim's node is on its way. */
    enum Stage {
        /** No create is under way. */
        NEW,
        /** A create was sent; no answer yet. */
        CREATING,
        /** A create was sent and the connection broke: it may have been done. */
        UNKNOWN,
        QUEUED,
        GRANTED,
        /** Released, or lost. */
        OVER
    }

    private final ZkLockQueue queue;
    private final String key;
    private final LockQueue.Mode mode;
    private final Incarnation incarnation;
    private final LockQueue.ClaimListener listener;
    private Stage stage = Stage.NEW;
    private final String attempt = "_c_" + UUID.randomUUID() + '-';
    private String node;
    private boolean contended;

    ZkClaim(
            ZkLockQueue queue,
            String key,
            LockQueue.Mode mode,
            Incarnation incarnation,
            LockQueue.ClaimListener listener) {
        this.queue = queue;
        this.key = key;
        this.mode = mode;
        this.incarnation = incarnation;
        this.listener = listener;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public LockQueue.Mode mode() {
        return mode;
    }

    @Override
    public Incarnation incarnation() {
        return incarnation;
    }

    @Override
    public void release() {
        queue.release(this);
    }

    Stage stage() {
        return stage;
    }

    void stage(Stage next) {
        stage = next;
    }

    boolean isOver() {
        return stage == Stage.OVER;
    }

    /** Path of the sequential node to be created, in stock Curator's naming; unique to this attempt. */
    String createPath() {
        return Paths.lock(key) + '/' + attempt + (mode == LockQueue.Mode.WRITE ? WRITE_MARK : READ_MARK);
    }

    /** Start of the names of all nodes this claim may have made; unique to it. */
    String attempt() {
        return attempt;
    }

    /** True if this node was made for this claim by a create that was repeated after its answer was lost. */
    boolean isSurplus(String child) {
        return child.startsWith(attempt) && !child.equals(node);
    }

    /** The node's full path once known. */
    String path() {
        return Paths.lock(key) + '/' + node;
    }

    void created(String name) {
        node = name;
        stage = Stage.QUEUED;
    }

    /** What a listing says about this claim, which has a node. */
    Place placeIn(List<String> children) {
        if (!children.contains(node)) {
            return Place.GONE;
        }
        boolean write = mode == LockQueue.Mode.WRITE;
        String mine = sequence(node);
        boolean blocked = false;
        boolean blocking = false;
        for (String child : children) {
            boolean childWrites = child.contains(WRITE_MARK);
            if (child.startsWith(attempt) || !childWrites && !child.contains(READ_MARK) || !write && !childWrites) {
                continue;
            }
            if (sequence(child).compareTo(mine) < 0) {
                blocked = true;
            } else {
                blocking = true;
            }
        }
        return blocked ? Place.BLOCKED : blocking ? Place.FIRST_AND_BLOCKING : Place.FIRST;
    }

    void grant() {
        stage = Stage.GRANTED;
        EventLoop.call(listener::granted);
    }

    /** Tells the holder when somebody new waits behind it. */
    void contended(boolean now) {
        boolean news = now && !contended;
        contended = now;
        if (news && stage == Stage.GRANTED) {
            EventLoop.call(listener::contended);
        }
    }

    void lose() {
        if (stage != Stage.OVER) {
            stage = Stage.OVER;
            EventLoop.call(listener::lost);
        }
    }

    private static String sequence(String name) {
        return name.substring(Math.max(0, name.length() - SEQUENCE_DIGITS));
    }

    /** Where a claim stands in its queue. */
    enum Place {
        GONE,
        BLOCKED,
        FIRST,
        FIRST_AND_BLOCKING
    }
}
