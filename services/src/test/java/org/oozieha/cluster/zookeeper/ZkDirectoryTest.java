package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.oozieha.testing.Eventually.until;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.WatchedDirectory;

/** Directories of others, on a real server. */
public final class ZkDirectoryTest {
    private static final ZkSecurity OOZIE = ZkSecurity.none().withDigest("oozie", "secret");
    private static final int SESSION_MS = 4_000;

    private EmbeddedZooKeeper zookeeper;

    @Before
    public void start() throws Exception {
        zookeeper = new EmbeddedZooKeeper();
        create("/hive", ZooDefs.Ids.OPEN_ACL_UNSAFE);
    }

    @After
    public void stop() {
        zookeeper.close();
    }

    @Test
    public void a_child_that_may_not_be_read_hides_no_other() throws Exception {
        create("/hive/closed", OOZIE.acl());
        create("/hive/open", ZooDefs.Ids.OPEN_ACL_UNSAFE);
        try (ForeignEnsemble ensemble = ForeignEnsemble.open(zookeeper.address(), SESSION_MS)) {
            WatchedDirectory hive = ensemble.directory("/hive");
            until("the open one", () -> hive.entries().keySet().equals(Collections.singleton("open")));
            create("/hive/another", ZooDefs.Ids.OPEN_ACL_UNSAFE);
            until(
                    "the next one too",
                    () -> hive.entries().keySet().equals(new HashSet<>(Arrays.asList("another", "open"))));
            zookeeper.admin().setData("/hive/open", "new".getBytes(UTF_8), -1);
            until(
                    "new data",
                    () -> Arrays.equals("new".getBytes(UTF_8), hive.entries().get("open")));
        }
    }

    @Test
    public void a_child_that_may_be_read_at_last_is_found_though_nothing_else_changes() throws Exception {
        create("/hive/closed", OOZIE.acl());
        create("/hive/open", ZooDefs.Ids.OPEN_ACL_UNSAFE);
        try (ForeignEnsemble ensemble = ForeignEnsemble.open(zookeeper.address(), SESSION_MS);
                Visitor oozie =
                        new Visitor(new ZkOptions(zookeeper.address(), "", SESSION_MS, 0, 0).withSecurity(OOZIE))) {
            WatchedDirectory hive = ensemble.directory("/hive");
            until("the open one", () -> hive.entries().keySet().equals(Collections.singleton("open")));
            oozie.zk().setACL("/hive/closed", ZooDefs.Ids.OPEN_ACL_UNSAFE, -1);
            until("both", () -> hive.entries().containsKey("closed"));
        }
    }

    @Test
    public void the_whole_ensemble_of_this_server_is_read_with_its_login() throws Exception {
        create("/hive/closed", OOZIE.acl());
        create("/oozie", ZooDefs.Ids.OPEN_ACL_UNSAFE);
        ZkOptions options = new ZkOptions(zookeeper.address() + "/oozie", "ns", SESSION_MS, 0, 0)
                .withSecurity(OOZIE)
                .withoutNamespace();
        try (ForeignEnsemble ensemble = ForeignEnsemble.open(options)) {
            WatchedDirectory hive = ensemble.directory("/hive");
            until("read", () -> !hive.entries().isEmpty());
            assertEquals(Collections.singleton("closed"), hive.entries().keySet());
        }
    }

    private void create(String path, List<ACL> acl) throws Exception {
        zookeeper.admin().create(path, path.getBytes(UTF_8), acl, CreateMode.PERSISTENT);
    }
}
