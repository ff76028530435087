package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.testing.Eventually;

/** Znodes that belong to a login, on a real server; the login is by digest, which every server takes. */
public final class ProtectionTest {
    private static final ZkSecurity OOZIE = ZkSecurity.none().withDigest("oozie", "secret");
    private static final ZkSecurity STRANGER = ZkSecurity.none().withDigest("mallory", "guess");
    private static final int MANY = 2_000;

    private EmbeddedZooKeeper zookeeper;

    @Before
    public void start() throws Exception {
        zookeeper = new EmbeddedZooKeeper();
    }

    @After
    public void stop() {
        zookeeper.close();
    }

    @Test
    public void everything_belongs_to_the_login_from_its_creation_on_and_nothing_is_outside_the_namespace()
            throws Exception {
        try (ZkCluster server = server("a", OOZIE)) {
            assertTrue(server.lease().isValid());
            AclReport report = new TreeAccess(options(OOZIE), 10_000).check();
            assertEquals(OOZIE.aclText(), report.wanted());
            assertTrue("znodes: " + report.seen(), report.seen() >= 10);
            assertEquals(Collections.emptyMap(), report.firstDifferent());
            List<String> top = zookeeper.admin().getChildren("/", false);
            Collections.sort(top);
            assertEquals(Arrays.asList("oozie", "zookeeper"), top);
        }
    }

    @Test
    public void an_open_tree_is_closed_at_start_the_namespace_first() throws Exception {
        server("a", ZkSecurity.none()).close();
        open("/oozie/services");
        open("/oozie/services/locks-of-stock");
        many();
        server("b", OOZIE).close();
        assertEquals(0, new TreeAccess(options(OOZIE), 20_000).check().different());
        try (Visitor stranger = new Visitor(options(STRANGER))) {
            assertFalse(stranger.attempts("/oozie").contains("ALLOWED"));
            assertFalse(stranger.attempts("/oozie/services/locks-of-stock").contains("ALLOWED"));
        }
    }

    @Test
    public void a_secret_of_an_open_tree_is_not_kept_by_a_start_nor_by_close() throws Exception {
        for (boolean byStart : new boolean[] {true, false}) {
            if (byStart) {
                server("a", ZkSecurity.none()).close();
                for (int i = 0; i < 30; i++) {
                    open("/oozie/a-" + i);
                }
            } else {
                new TreeAccess(options(OOZIE), 10_000).open();
            }
            open("/oozie/ha/secrets");
            if (byStart) {
                server("b", OOZIE).close();
            } else {
                AclReport closed = new TreeAccess(options(OOZIE), 10_000).close();
                assertTrue(closed.secretsDiscarded());
            }
            assertNull(zookeeper.admin().exists("/oozie/ha/secrets", false));
        }
    }

    @Test
    public void a_secret_that_a_stranger_put_below_an_open_node_with_our_acl_is_not_kept_either() throws Exception {
        server("a", ZkSecurity.none()).close();
        zookeeper.admin().create("/oozie/ha/secrets", new byte[0], OOZIE.acl(), CreateMode.PERSISTENT);
        server("b", OOZIE).close();
        assertNull(zookeeper.admin().exists("/oozie/ha/secrets", false));
    }

    @Test
    public void a_secret_of_a_closed_tree_is_kept_though_a_znode_elsewhere_was_open() throws Exception {
        server("a", OOZIE).close();
        zookeeper.admin().addAuthInfo("digest", "oozie:secret".getBytes(UTF_8));
        zookeeper.admin().create("/oozie/ha/secrets", new byte[0], OOZIE.acl(), CreateMode.PERSISTENT);
        open("/oozie/elsewhere");
        server("b", OOZIE).close();
        assertNotNull(zookeeper.admin().exists("/oozie/ha/secrets", false));
    }

    @Test
    public void znodes_below_the_secret_are_named_and_the_start_refused() throws Exception {
        server("a", ZkSecurity.none()).close();
        open("/oozie/ha/secrets");
        open("/oozie/ha/secrets/planted");
        ClusterStartException refused = assertThrows(ClusterStartException.class, () -> server("b", OOZIE));
        assertTrue(refused.getMessage(), refused.getMessage().contains("below /ha/secrets"));
    }

    @Test
    public void a_start_that_was_broken_off_is_gone_on_with_by_the_next() throws Exception {
        open("/oozie");
        open("/oozie/locks");
        many();
        zookeeper.admin().setACL("/oozie", OOZIE.acl(), -1);
        for (int i = 0; i < MANY; i += 40) {
            zookeeper.admin().setACL("/oozie/locks/left-" + i, OOZIE.acl(), -1);
        }
        server("a", OOZIE).close();
        assertEquals(0, new TreeAccess(options(OOZIE), 20_000).check().different());
    }

    @Test
    public void a_server_without_the_login_is_refused_with_what_mends_it() throws Exception {
        server("a", OOZIE).close();
        ClusterStartException open = assertThrows(ClusterStartException.class, () -> server("b", ZkSecurity.none()));
        assertTrue(open.getMessage(), open.getMessage().contains("oozie.zookeeper.secure=true"));
        assertTrue(open.getMessage(), open.getMessage().contains("oozie-ha acl --open"));
        ClusterStartException other = assertThrows(ClusterStartException.class, () -> server("b", STRANGER));
        assertTrue(other.getMessage(), other.getMessage().contains("its ACL names another login than this server's"));
    }

    @Test
    public void znodes_of_somebody_else_are_named_and_the_start_refused() throws Exception {
        open("/oozie");
        Id mallory = STRANGER.acl().get(0).getId();
        zookeeper
                .admin()
                .create(
                        "/oozie/theirs",
                        new byte[0],
                        Collections.singletonList(new ACL(ZooDefs.Perms.ALL, mallory)),
                        CreateMode.PERSISTENT);
        ClusterStartException refused = assertThrows(ClusterStartException.class, () -> server("a", OOZIE));
        assertTrue(refused.getMessage(), refused.getMessage().contains("[/theirs]"));
    }

    @Test
    public void a_tree_that_was_opened_while_a_server_had_no_session_is_closed_before_it_goes_on() throws Exception {
        try (ZkCluster server = server("a", OOZIE)) {
            new TreeAccess(options(OOZIE), 10_000).open();
            Incarnation before = server.lease().incarnation();
            zookeeper.expireOwnerOf("/oozie/ha/heartbeats/a");
            Eventually.until(
                    "it has a new session",
                    () -> server.lease().isValid()
                            && !server.lease().incarnation().equals(before));
            assertEquals(0, new TreeAccess(options(OOZIE), 10_000).check().different());
        }
    }

    @Test
    public void the_tree_is_opened_again() throws Exception {
        server("a", OOZIE).close();
        AclReport opened = new TreeAccess(options(OOZIE), 10_000).open();
        assertTrue(opened.changed());
        assertEquals(opened.seen(), opened.different());
        try (ZkCluster anybody = server("b", ZkSecurity.none())) {
            assertTrue(anybody.lease().isValid());
        }
        assertEquals(
                0, new TreeAccess(options(ZkSecurity.none()), 10_000).check().different());
    }

    private void open(String path) throws Exception {
        zookeeper.admin().create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private void many() throws Exception {
        CountDownLatch made = new CountDownLatch(MANY);
        ZooKeeper admin = zookeeper.admin();
        for (int i = 0; i < MANY; i++) {
            admin.create(
                    "/oozie/locks/left-" + i,
                    new byte[0],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (rc, path, ctx, name) -> made.countDown(),
                    null);
        }
        assertTrue(made.await(60, TimeUnit.SECONDS));
    }

    private ZkCluster server(String id, ZkSecurity security) throws Exception {
        return ZkCluster.start(
                options(security),
                new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                System::currentTimeMillis);
    }

    private ZkOptions options(ZkSecurity security) {
        return new ZkOptions(zookeeper.address(), "oozie", 4_000, EmbeddedZooKeeper.TICK_MS, 20_000)
                .withSecurity(security);
    }
}
