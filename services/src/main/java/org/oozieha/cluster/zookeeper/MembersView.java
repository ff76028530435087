package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.zookeeper.KeeperException.Code;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's view of the members, and whether it is current: from the moment a change was reported until the listing sent after it
 * has been read, it is not, and grants wait. Loop only, but for {@link #members()}.
 */
final class MembersView {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    private final BiConsumer<Members, Members> changed;
    private final Set<String> reportedDamage = ConcurrentHashMap.newKeySet();
    private final List<Runnable> whenCurrent = new ArrayList<>();
    private volatile Members members = Members.nobody();
    private ZkHandle handle;
    private boolean reading;
    private int readings;
    private boolean again;
    private boolean current;

    MembersView(BiConsumer<Members, Members> changed) {
        this.changed = changed;
    }

    Members members() {
        return members;
    }

    int damaged() {
        return reportedDamage.size();
    }

    /** Reads everything anew through this handle. */
    void attach(ZkHandle newHandle) {
        handle = newHandle;
        reading = false;
        refresh();
    }

    /** The connection is gone: nothing is current until {@link #attach}. */
    void detach() {
        handle = null;
        current = false;
    }

    /** A watched path changed. */
    void refresh() {
        current = false;
        if (handle == null) {
            return;
        }
        if (reading) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        read(handle, ++readings);
    }

    /** Runs the task as soon as the view is current, at once if it is. */
    void whenCurrent(Runnable task) {
        if (current) {
            task.run();
        } else {
            whenCurrent.add(task);
        }
    }

    void dropWaiting() {
        whenCurrent.clear();
    }

    private void read(ZkHandle reader, int number) {
        Map<String, byte[]> servers = new HashMap<>();
        Map<String, byte[]> stock = new HashMap<>();
        CompletableFuture.allOf(readAll(reader, Paths.SERVERS, servers), readAll(reader, Paths.STOCK_SERVERS, stock))
                .whenComplete(EventLoop.logged((nothing, failure) -> {
                    if (reader != handle || number != readings) {
                        return;
                    }
                    reading = false;
                    Code code = Failures.code(failure);
                    if (Failures.isConnection(code)) {
                        return;
                    }
                    if (code == Code.NONODE || again) {
                        refresh();
                    } else if (code != Code.OK) {
                        LOG.error("The members could not be read: {}", code, failure);
                    } else {
                        publish(servers, stock);
                    }
                }));
    }

    /** Fails with NONODE if a child went away between the two readings. A directory that is not there is empty, and watched for. */
    private static CompletableFuture<Void> readAll(ZkHandle reader, String dir, Map<String, byte[]> into) {
        CompletableFuture<List<String>> listing = reader.getChildren(dir, true);
        return listing.handle((children, failure) -> {
                    Code code = Failures.code(failure);
                    if (code == Code.NONODE) {
                        return reader.exists(dir, true)
                                .handle((stat, missing) -> {
                                    if (Failures.code(missing) == Code.NONODE) {
                                        return CompletableFuture.<Void>completedFuture(null);
                                    }
                                    return CompletableFuture.<Void>allOf(listing);
                                })
                                .thenCompose(done -> done);
                    }
                    if (code != Code.OK) {
                        return CompletableFuture.<Void>allOf(listing);
                    }
                    List<CompletableFuture<?>> all = new ArrayList<>();
                    for (String child : children) {
                        all.add(reader.getData(dir + '/' + child, true)
                                .thenAccept(node -> into.put(child, node.data())));
                    }
                    return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
                })
                .thenCompose(done -> done);
    }

    private void publish(Map<String, byte[]> servers, Map<String, byte[]> stock) {
        List<Member> decoded = new ArrayList<>();
        servers.forEach((id, data) -> {
            try {
                Member member = MemberFormat.decode(data);
                if (!member.id().equals(id)) {
                    throw new IllegalArgumentException("it says it is '" + member.id() + "'");
                }
                decoded.add(member);
            } catch (IllegalArgumentException damaged) {
                reportOnce(Paths.server(id), damaged);
            }
        });
        Map<String, String> stockUrls = new HashMap<>();
        stock.forEach((id, data) -> {
            try {
                stockUrls.put(id, MemberFormat.stockUrl(data));
            } catch (IllegalArgumentException damaged) {
                reportOnce(Paths.STOCK_SERVERS + '/' + id, damaged);
            }
        });
        Members before = members;
        Members after = Members.of(decoded, stockUrls);
        members = after;
        current = true;
        if (!after.equals(before)) {
            changed.accept(before, after);
        }
        List<Runnable> due = new ArrayList<>(whenCurrent);
        whenCurrent.clear();
        due.forEach(EventLoop::call);
    }

    private void reportOnce(String path, IllegalArgumentException damaged) {
        if (reportedDamage.add(path + damaged.getMessage())) {
            LOG.warn("A member node cannot be read and is skipped: path={} reason={}", path, damaged.getMessage());
        }
    }
}
