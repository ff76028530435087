package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.oozieha.cluster.Json;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's entry in stock's service discovery, there only while a server with stock HA services is: so that stock finds this
 * server's logs and counts it in its own partition. The first line of defence against a wipe or a lost answer is that every new
 * listing of the members asks again. Loop only.
 */
final class StockEntry {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    private final ServerIdentity self;
    private final String path;
    private ZkHandle handle;
    private boolean wanted;
    private boolean asking;
    private boolean there;

    StockEntry(ServerIdentity self) {
        this.self = self;
        this.path = Paths.STOCK_SERVERS + '/' + self.id();
    }

    void attach(ZkHandle newHandle) {
        handle = newHandle;
        asking = false;
        there = false;
        settle();
    }

    void detach() {
        handle = null;
    }

    void membersChanged(Members now) {
        wanted = now.stockPresent();
        settle();
    }

    private void settle() {
        ZkHandle on = handle;
        if (on == null || asking || wanted == there) {
            return;
        }
        asking = true;
        boolean adding = wanted;
        (adding ? on.create(path, entry(), CreateMode.EPHEMERAL) : on.delete(path))
                .whenComplete(EventLoop.logged((done, failure) -> {
                    if (on != handle) {
                        return;
                    }
                    asking = false;
                    Code code = Failures.code(failure);
                    if (code == Code.OK || code == (adding ? Code.NODEEXISTS : Code.NONODE)) {
                        there = adding;
                        LOG.info("Entry for stock servers: path={} present={}", path, there);
                        settle();
                    } else if (!Failures.isConnection(code)) {
                        LOG.warn("Stock servers cannot be shown this server: path={} reason={}", path, code);
                    }
                }));
    }

    private byte[] entry() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("OOZIE_ID", self.id());
        payload.put("OOZIE_URL", self.url());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", "servers");
        json.put("id", self.id());
        json.put("address", self.id());
        json.put("port", null);
        json.put("sslPort", null);
        json.put("payload", payload);
        json.put("registrationTimeUTC", self.startedAtMs());
        json.put("serviceType", "DYNAMIC");
        json.put("uriSpec", null);
        return Json.write(json).getBytes(UTF_8);
    }
}
