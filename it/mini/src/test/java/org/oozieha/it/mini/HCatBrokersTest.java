package org.oozieha.it.mini;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.oozie.client.CoordinatorJob.Execution;
import org.apache.oozie.dependency.hcat.HCatMessageHandler;
import org.apache.oozie.jms.JMSConnectionInfo;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.JMSAccessorService;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;
import org.oozieha.testing.FreePorts;

/** Brokers that were away and refuse topics: how stock loses them, and that the pack does not. */
public final class HCatBrokersTest extends HCatTestCase {
    private static final int PARTITIONS = 40;
    private static final long SUBSCRIBED_MS = 15_000;
    private static final String NO_BROKER = "java.naming.provider.url#none";
    /** So that the partitions last as long as the bound, on a slow machine too. */
    private static final long PAUSE_NANOS =
            TimeUnit.MILLISECONDS.toNanos(SUBSCRIBED_MS) * Integer.getInteger("it.timing.scale", 1) / PARTITIONS;

    private static final JMSConnectionInfo BROKER = new JMSConnectionInfo(NO_BROKER);

    private JMSAccessorService bootWithScriptedBroker(String... keysAndValues) throws Exception {
        ScriptedContext.reset();
        Services services = bootStock(keysAndValues);
        services.getConf().set(JMSAccessorService.JMS_CONNECTION_CONTEXT_IMPL, ScriptedContext.class.getName());
        return services.get(JMSAccessorService.class);
    }

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        emptyDatabase();
    }

    public void test_h5_stock_gives_up_a_broker_and_takes_no_topic_of_it_any_more() throws Exception {
        JMSAccessorService stock = bootWithScriptedBroker(JMSAccessorService.CONF_RETRY_MAX_ATTEMPTS, "2");
        ScriptedContext.setDown(true);
        stock.registerForNotification(BROKER, "topic", message -> {});
        assertEquals(true, ask(stock, "retryConnection"));
        assertEquals(true, ask(stock, "retryConnection"));
        assertEquals("given up", false, ask(stock, "retryConnection"));
        ScriptedContext.setDown(false);
        int attempts = ScriptedContext.attempts();
        stock.registerForNotification(BROKER, "topic", message -> {});
        stock.registerForNotification(BROKER, "another", message -> {});
        assertEquals("the broker is back and not asked", attempts, ScriptedContext.attempts());
        assertEquals(0, ScriptedContext.consumers());
        Services.get().destroy();

        HCatAccessorService pack = bootPackWithScriptedBroker();
        ScriptedContext.setDown(true);
        register(pack, "topic");
        eventually("more attempts than stock was allowed", true, () -> ScriptedContext.attempts() > 3);
        ScriptedContext.setDown(false);
        register(pack, "another");
        eventually("both", 2, ScriptedContext::consumers);
    }

    public void test_h6_stock_forgets_a_topic_that_was_refused_once_after_an_outage() throws Exception {
        JMSAccessorService stock = bootWithScriptedBroker();
        stock.registerForNotification(BROKER, "topic", message -> {});
        stock.registerForNotification(BROKER, "refused", message -> {});
        assertEquals(2, ScriptedContext.consumers());
        ScriptedContext.refuse("refused");
        stock.reestablishConnection(BROKER);
        assertEquals(true, ask(stock, "retryConnection"));
        assertEquals("one of two", 3, ScriptedContext.consumers());
        assertEquals("and nothing is tried again", false, ask(stock, "isConnectionInRetryList"));
        Services.get().destroy();

        HCatAccessorService pack = bootPackWithScriptedBroker();
        ScriptedContext.refuse("refused");
        register(pack, "topic");
        register(pack, "refused");
        eventually("one of two", 1, ScriptedContext::consumers);
        ScriptedContext.refuseNothing();
        eventually("both", 2, ScriptedContext::consumers);
    }

    public void test_a_durable_subscription_is_told_what_was_announced_while_its_server_was_away() throws Exception {
        String table = newTable();
        // of a metastore that nobody can ask: only a message can make an action ready
        String nobody = "127.0.0.1:" + FreePorts.one();
        bootDurable();
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            heard.add(waitingAction(
                    Execution.FIFO, 0, partition(nobody, table, "" + i).toURIString()));
        }
        HCatURI away = partition(nobody, table, "away");
        String action = waitingAction(Execution.FIFO, 0, away.toURIString());
        registerTopic(away);
        Queue<Integer> left = IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toCollection(ArrayDeque::new));
        long began = System.nanoTime();
        eventually(SUBSCRIBED_MS, "subscribed", true, () -> {
            if (!left.isEmpty() && System.nanoTime() - began >= left.peek() * PAUSE_NANOS) {
                metastore().addPartition(table, left.remove().toString());
            }
            return anyReady(heard);
        });
        Services.get().destroy();
        metastore().addPartition(table, "away");
        bootDurable();
        assertEquals("WAITING", statusOf(action));
        registerTopic(away);
        eventually("delivered", "READY", () -> statusOf(action));
    }

    private static boolean anyReady(List<String> actions) throws Exception {
        for (String action : actions) {
            if (statusOf(action).equals("READY")) {
                return true;
            }
        }
        return false;
    }

    private static void bootDurable() throws Exception {
        bootPack("oozie.ha.hcat.jms.durable", "true");
    }

    /** As for an action that was registered before. */
    private static void registerTopic(HCatURI uri) throws Exception {
        PartitionDependencyManagerService dependencies = Services.get().get(PartitionDependencyManagerService.class);
        dependencies.runCachePurgeWorker();
        eventually("registered", true, () -> dependencies.getWaitingActions(uri) != null);
        Services.get()
                .get(HCatAccessorService.class)
                .registerForNotification(
                        uri, "hcat.default." + uri.getTable(), new HCatMessageHandler(uri.getServer()));
    }

    private static HCatAccessorService bootPackWithScriptedBroker() throws Exception {
        ScriptedContext.reset();
        bootPack(
                JMSAccessorService.JMS_CONNECTION_CONTEXT_IMPL,
                ScriptedContext.class.getName(),
                "oozie.service.HCatAccessorService.jmsconnections",
                "default=" + NO_BROKER);
        return Services.get().get(HCatAccessorService.class);
    }

    /** Somebody waits for a partition of a table with that topic. */
    private void register(HCatAccessorService pack, String topic) throws Exception {
        HCatURI uri = partition("none:1", topic, "1");
        String action = waitingAction(Execution.FIFO, 0, uri.toURIString());
        Services.get().get(PartitionDependencyManagerService.class).addMissingDependency(uri, action);
        pack.registerForNotification(uri, topic, new HCatMessageHandler(uri.getServer()));
    }

    private static Object ask(JMSAccessorService stock, String what) throws ReflectiveOperationException {
        Method method = JMSAccessorService.class.getDeclaredMethod(what, JMSConnectionInfo.class);
        method.setAccessible(true);
        return method.invoke(stock, BROKER);
    }
}
