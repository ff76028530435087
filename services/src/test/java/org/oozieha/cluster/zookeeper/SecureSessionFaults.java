package org.oozieha.cluster.zookeeper;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.until;

import org.junit.Test;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.testing.Eventually;

/** Long ones, not part of the build's tests: {@code mvn -pl services test -Dtest=SecureSessionFaults}. */
public final class SecureSessionFaults {
    private static final int SESSION_MS = 8_000;
    private static final long LIFE_MS = Kdc.TICKET_SECONDS * 1_000L;

    @Test
    public void a_session_survives_three_ticket_lives_and_a_kdc_outage_of_one() throws Exception {
        try (SecureZooKeeper zookeeper = SecureZooKeeper.start();
                ZkCluster server = start(zookeeper)) {
            Incarnation first = server.lease().incarnation();
            for (int life = 1; life <= 3; life++) {
                Eventually.passes(LIFE_MS);
                assertTrue("after life " + life, server.lease().isValid());
                zookeeper.restart();
                until(
                        "it is asked over a new connection",
                        () -> answers(server) && server.lease().isValid());
                assertEquals("after life " + life, first, server.lease().incarnation());
                System.out.println("ticket life " + life + ": reconnected, same session");
            }
            Kdc kdc = Kdc.running();
            kdc.stop();
            Eventually.passes(LIFE_MS / 2);
            assertTrue("an outage alone is not noticed", server.lease().isValid());
            Eventually.passes(LIFE_MS / 2 + 1_000);
            zookeeper.restart();
            Eventually.passes(2 * SESSION_MS + 1_000);
            assertFalse("no login without tickets", server.lease().isValid());
            kdc.start();
            long backNanos = System.nanoTime();
            until("valid again", () -> server.lease().isValid());
            System.out.println("KDC back: lease valid after " + (System.nanoTime() - backNanos) / 1_000_000 + " ms");
            assertEquals("the session lived", first, server.lease().incarnation());
        }
    }

    private static boolean answers(ZkCluster server) {
        try {
            server.readMembers(500);
            return true;
        } catch (ClusterUnavailableException away) {
            return false;
        }
    }

    private static ZkCluster start(SecureZooKeeper zookeeper) throws Exception {
        return ZkCluster.start(
                new ZkOptions(zookeeper.address(), "faults", SESSION_MS, SecureZooKeeper.TICK_MS, 15_000)
                        .withSecurity(SecureZooKeeper.kerberos("oozie")),
                new ServerIdentity("a", "http://a:11000/oozie", "test", "test", 1),
                System::currentTimeMillis);
    }
}
