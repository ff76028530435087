import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.zookeeper.AclReport;
import org.oozieha.cluster.zookeeper.TreeAccess;
import org.oozieha.cluster.zookeeper.ZkCluster;
import org.oozieha.cluster.zookeeper.ZkOptions;
import org.oozieha.cluster.zookeeper.ZkSecurity;
import org.oozieha.cluster.zookeeper.ZkTls;

/**
 * Run from its source by PackedSecurityTest: a server joins, takes a lock, and every znode belongs to it. Arguments: secure address,
 * principal, keytab, trust store, key store, their password.
 */
public final class SecureClusterThroughThePackedJar {
    public static void main(String[] args) throws Exception {
        ZkTls tls = new ZkTls(
                new ZkTls.Store(args[3], args[5], ""),
                new ZkTls.Store(args[4], args[5], ""),
                Collections.singletonList("TLSv1.2"),
                true);
        ZkOptions options = new ZkOptions(args[0], "packed", 6_000, 200, 30_000)
                .withSecurity(ZkSecurity.none().withKerberos(args[1], args[2]).withTls(tls));
        ServerIdentity self = new ServerIdentity("a", "http://a:11000/oozie", "test", "test", 1);
        try (ZkCluster server = ZkCluster.start(options, self, System::currentTimeMillis)) {
            System.out.println("lease " + server.lease().isValid());
            CountDownLatch granted = new CountDownLatch(1);
            server.locks().enqueue("key", LockQueue.Mode.WRITE, new LockQueue.ClaimListener() {
                @Override
                public void granted() {
                    granted.countDown();
                }

                @Override
                public void contended() {}

                @Override
                public void lost() {}
            });
            System.out.println("lock " + granted.await(10, TimeUnit.SECONDS));
            AclReport report = new TreeAccess(options, 20_000).check();
            System.out.println(report.wanted() + " but for " + report.firstDifferent());
        }
    }
}
