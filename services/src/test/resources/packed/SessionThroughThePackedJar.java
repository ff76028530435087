import java.nio.charset.StandardCharsets;
import org.oozieha.shaded.curator.framework.CuratorFramework;
import org.oozieha.shaded.curator.framework.CuratorFrameworkFactory;
import org.oozieha.shaded.curator.retry.RetryOneTime;
import org.oozieha.shaded.zookeeper.CreateMode;
import org.oozieha.shaded.zookeeper.ZooDefs.Ids;
import org.oozieha.shaded.zookeeper.client.ZKClientConfig;

/**
 * Run from its source by PackedJarTest: one session, one node made, read and deleted. Arguments: servers, whose node it is (open for
 * everybody, or its creator's), [property value]...
 */
public final class SessionThroughThePackedJar {
    public static void main(String[] args) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        for (int i = 2; i < args.length; i += 2) {
            config.setProperty(args[i], args[i + 1]);
        }
        try (CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(args[0])
                .namespace("packed")
                .retryPolicy(new RetryOneTime(500))
                .zkClientConfig(config)
                .ensembleTracker(false)
                .build()) {
            client.start();
            String path = client.create()
                    .creatingParentContainersIfNeeded()
                    .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                    .withACL(args[1].equals("creator") ? Ids.CREATOR_ALL_ACL : Ids.OPEN_ACL_UNSAFE)
                    .forPath("/session/node-", "made".getBytes(StandardCharsets.UTF_8));
            System.out.println(new String(client.getData().forPath(path), StandardCharsets.UTF_8));
            client.delete().forPath(path);
            System.out.println(client.checkExists().forPath(path) == null ? "deleted" : "still there");
        }
    }
}
