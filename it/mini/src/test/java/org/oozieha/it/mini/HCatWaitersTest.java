package org.oozieha.it.mini;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import org.apache.oozie.client.CoordinatorJob.Execution;
import org.apache.oozie.client.OozieClient.SYSTEM_MODE;
import org.apache.oozie.command.coord.CoordActionInputCheckXCommand;
import org.apache.oozie.command.coord.CoordPushDependencyCheckXCommand;
import org.apache.oozie.dependency.hcat.EhcacheHCatDependencyCache;
import org.apache.oozie.dependency.hcat.HCatMessageHandler;
import org.apache.oozie.dependency.hcat.SimpleHCatDependencyCache;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ServerState;
import org.oozieha.service.HaNode;
import org.oozieha.testing.FreePorts;

/**
 * Actions that another server had registered and took with it, on a real metastore and a real broker; and stock's defects in the same
 * situations, by their codes.
 */
public final class HCatWaitersTest extends HCatTestCase {
    private static final String CANONICAL = SimpleHCatDependencyCache.USE_CANONICAL_HOSTNAME;

    public void test_h1_an_action_of_a_dead_registrar_is_registered_and_gets_its_partition() throws Exception {
        String table = newTable();
        String uri = partition(metastore().endpoint(), table, "1").toURIString();
        HCatURI inherited = partition(metastore().endpoint(), table, "2");
        HCatURI own = partition(metastore().endpoint(), table, "3");
        bootStock();
        String ofTheDead = waitingAction(Execution.FIFO, 0, inherited.toURIString());
        String ofThisServer = waitingAction(Execution.FIFO, 0, own.toURIString());
        registerWhatIsRecorded();
        new CoordPushDependencyCheckXCommand(ofThisServer, true).call();
        eventually("listening", true, () -> isListenedTo(own));
        metastore().addPartition(table, "2");
        metastore().addPartition(table, "3");
        eventually("status", true, () -> !statusOf(ofThisServer).equals("WAITING"));
        assertEquals("stock hears what it materialized itself", "WAITING", statusOf(ofTheDead));
        Services.get().destroy();

        bootPack();
        String action = waitingAction(Execution.FIFO, 0, uri);
        registerWhatIsRecorded();
        eventually("registered", Collections.singleton(action), () -> asSet(waiting(uri)));
        eventually("listening", true, () -> isListenedTo(new HCatURI(uri)));
        metastore().addPartition(table, "1");
        eventually("status", "READY", () -> statusOf(action));
        assertNull(waiting(uri));
    }

    public void test_h7_a_topic_given_up_between_check_and_registration_is_listened_to() throws Exception {
        HCatURI uri = partition(metastore().endpoint(), newTable(), "1");
        bootStock();
        giveUpBetweenCheckAndRegistration(uri);
        assertFalse("stock waits and does not listen", isListenedTo(uri));
        Services.get().destroy();

        bootPack();
        giveUpBetweenCheckAndRegistration(uri);
        assertTrue(isListenedTo(uri));
    }

    /** What two threads of a server do: one action is registered while the last one before it is served. */
    private static void giveUpBetweenCheckAndRegistration(HCatURI uri) throws Exception {
        PartitionDependencyManagerService dependencies = Services.get().get(PartitionDependencyManagerService.class);
        HCatAccessorService accessor = Services.get().get(HCatAccessorService.class);
        dependencies.addMissingDependency(uri, "C@1");
        accessor.registerForNotification(uri, "topic", new HCatMessageHandler(uri.getServer()));
        assertTrue("so nobody registers it again", accessor.isRegisteredForNotification(uri));
        dependencies.removeMissingDependency(uri, "C@1");
        dependencies.addMissingDependency(uri, "C@2");
        assertEquals(Arrays.asList("C@2"), new ArrayList<>(dependencies.getWaitingActions(uri)));
    }

    private static boolean isListenedTo(HCatURI uri) {
        return Services.get().get(HCatAccessorService.class).isRegisteredForNotification(uri);
    }

    public void test_a_partition_that_passed_before_the_registration_is_looked_up() throws Exception {
        String table = newTable();
        metastore().addPartition(table, "1");
        bootPack();
        String before = waitingAction(
                Execution.FIFO, 0, partition(metastore().endpoint(), table, "2").toURIString());
        String action = waitingAction(
                Execution.FIFO, 0, partition(metastore().endpoint(), table, "1").toURIString());
        registerWhatIsRecorded();
        eventually("status", "READY", () -> statusOf(action));
        assertEquals("looked up first, and not there", "WAITING", statusOf(before));
    }

    public void test_a_metastore_that_is_silent_is_given_up_and_asked_again_and_another_one_answers_meanwhile()
            throws Exception {
        String table = newTable();
        metastore().addPartition(table, "1");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            silent.setSoTimeout(30_000 * Integer.getInteger("it.timing.scale", 1));
            bootPack("oozie.ha.hcat.call.timeout.ms", "1000");
            String silentOne = "127.0.0.1:" + silent.getLocalPort();
            waitingAction(Execution.FIFO, 0, partition(silentOne, table, "1").toURIString());
            String action = waitingAction(
                    Execution.FIFO,
                    0,
                    partition(metastore().endpoint(), table, "1").toURIString());
            registerWhatIsRecorded();
            eventually("status", "READY", () -> statusOf(action));
            try (Socket first = silent.accept();
                    Socket second = silent.accept()) {
                assertTrue(first.getPort() != second.getPort());
            }
        }
    }

    public void test_a_partition_is_announced_to_each_name_of_its_metastore() throws Exception {
        String table = newTable();
        bootPack();
        String byAddress = partition(metastore().endpoint(), table, "1").toURIString();
        String byName = byAddress.replace("127.0.0.1", "localhost");
        String first = waitingAction(Execution.FIFO, 0, byAddress);
        String second = waitingAction(Execution.FIFO, 0, byName);
        registerWhatIsRecorded();
        eventually("listening", true, () -> isListenedTo(new HCatURI(byAddress)) && isListenedTo(new HCatURI(byName)));
        metastore().addPartition(table, "1");
        eventually("status", "READY", () -> statusOf(first));
        eventually("status", "READY", () -> statusOf(second));
    }

    public void test_a_partition_of_one_metastore_is_not_taken_for_that_of_another_on_the_same_topic()
            throws Exception {
        String table = newTable();
        HiveProcess other = HiveProcess.metastore(broker()).launch();
        try {
            other.awaitReady().createTable(table);
            bootPack();
            String uri = partition(metastore().endpoint(), table, "1").toURIString();
            String uriOfOther = partition(other.endpoint(), table, "1").toURIString();
            String action = waitingAction(Execution.FIFO, 0, uri);
            String actionOfOther = waitingAction(Execution.FIFO, 0, uriOfOther);
            registerWhatIsRecorded();
            eventually(
                    "listening", true, () -> isListenedTo(new HCatURI(uri)) && isListenedTo(new HCatURI(uriOfOther)));
            other.addPartition(table, "1");
            eventually("status", "READY", () -> statusOf(actionOfOther));
            assertEquals("WAITING", statusOf(action));
            metastore().addPartition(table, "1");
            eventually("status", "READY", () -> statusOf(action));
        } finally {
            other.kill();
        }
    }

    public void test_a_broker_that_is_waited_for_without_end_holds_up_no_other() throws Exception {
        String table = newTable();
        HCatURI uri = partition(metastore().endpoint(), table, "1");
        HCatURI ofTheDead = partition("dead:1", table, "1");
        bootPack(
                "oozie.service.HCatAccessorService.jmsconnections",
                "hcat://dead:1=" + connectionTo("failover:(tcp://127.0.0.1:" + FreePorts.one() + ")") + ",default="
                        + connectionTo(broker().brokerUrl()));
        HCatAccessorService accessor = Services.get().get(HCatAccessorService.class);
        accessor.registerForNotification(ofTheDead, "topic", new HCatMessageHandler(ofTheDead.getServer()));
        String action = waitingAction(Execution.FIFO, 0, uri.toURIString());
        registerWhatIsRecorded();
        eventually("listening", true, () -> isListenedTo(uri));
        metastore().addPartition(table, "1");
        eventually("status", "READY", () -> statusOf(action));
    }

    public void test_an_action_that_waits_for_two_partitions_is_ready_after_both() throws Exception {
        String table = newTable();
        bootPack();
        String first = partition(metastore().endpoint(), table, "1").toURIString();
        String second = partition(metastore().endpoint(), table, "2").toURIString();
        String action = waitingAction(Execution.FIFO, 0, first, second);
        registerWhatIsRecorded();
        eventually("registered", Collections.singleton(action), () -> asSet(waiting(second)));
        metastore().addPartition(table, "1");
        eventually("first", true, () -> waiting(first) == null);
        assertEquals("WAITING", statusOf(action));
        metastore().addPartition(table, "2");
        eventually("status", "READY", () -> statusOf(action));
    }

    public void test_h2_an_action_of_execution_none_is_not_skipped_by_a_takeover() throws Exception {
        String table = newTable();
        bootStock();
        String skipped = waitingAction(
                Execution.NONE,
                300_000,
                partition(metastore().endpoint(), table, "1").toURIString());
        // what stock's recovery does with an action that another server had registered, minutes late by its nature
        new CoordActionInputCheckXCommand(skipped, skipped.substring(0, skipped.indexOf('@'))).call();
        eventually("stock", "SKIPPED", () -> statusOf(skipped));
        Services.get().destroy();

        bootPack();
        String none = waitingAction(
                Execution.NONE,
                300_000,
                partition(metastore().endpoint(), table, "1").toURIString());
        String lastOnly = waitingAction(
                Execution.LAST_ONLY,
                300_000,
                partition(metastore().endpoint(), table, "1").toURIString());
        Services.get().setSystemMode(SYSTEM_MODE.SAFEMODE);
        eventually("safe mode", false, HCatWaitersTest::isActive);
        Services.get().setSystemMode(SYSTEM_MODE.NORMAL);
        long again = System.currentTimeMillis();
        // a check that was queued since the start is put off by safe mode, for a minute
        eventually(90_000, "looked at", true, () -> lastModifiedMs(none) >= again && lastModifiedMs(lastOnly) >= again);
        assertEquals("WAITING", statusOf(none));
        assertEquals("WAITING", statusOf(lastOnly));
        String uri = partition(metastore().endpoint(), table, "1").toURIString();
        eventually("registered", asSet(Arrays.asList(none, lastOnly)), () -> asSet(waiting(uri)));
        metastore().addPartition(table, "1");
        eventually("status", "READY", () -> statusOf(none));
        eventually("status", "READY", () -> statusOf(lastOnly));
    }

    private static boolean isActive() {
        Cluster cluster = HaNode.current().get().cluster();
        return cluster.members()
                .find(cluster.self().id())
                .filter(self -> self.state() == ServerState.ACTIVE)
                .isPresent();
    }

    public void test_h3_stock_loses_action_1_when_action_12_ends() throws Exception {
        bootStock();
        SimpleHCatDependencyCache stock = new SimpleHCatDependencyCache();
        stock.init(Services.get().get(ConfigurationService.class).getConf());
        HCatURI uri = partition("h:1", "t", "1");
        stock.addMissingDependency(uri, "0000001-C@1");
        stock.addMissingDependency(uri, "0000001-C@12");
        stock.removeNonWaitingCoordActions(new HashSet<>(Arrays.asList("0000001-C@12")));
        Collection<String> left = stock.getWaitingActions(uri);
        assertFalse("action 1 went with action 12", left != null && left.contains("0000001-C@1"));
        Services.get().destroy();

        bootPack();
        String first = waitingAction(Execution.FIFO, 0, uri.toURIString());
        PartitionDependencyManagerService pack = Services.get().get(PartitionDependencyManagerService.class);
        pack.addMissingDependency(uri, first);
        pack.addMissingDependency(uri, first + "2");
        registerWhatIsRecorded();
        eventually("action 12 is not recorded", Collections.singleton(first), () -> asSet(waiting(uri.toURIString())));
    }

    public void test_h4_stock_stops_forgetting_when_another_server_handled_the_event() throws Exception {
        bootStock();
        SimpleHCatDependencyCache stock = new SimpleHCatDependencyCache();
        stock.init(Services.get().get(ConfigurationService.class).getConf());
        stock.addMissingDependency(partition("h:1", "t", "1"), "C@1");
        stock.addMissingDependency(new HCatURI("hcat://h:1/default/t/dt=1;country=us"), "C@2");
        Map<String, String> arrived = Collections.singletonMap("dt", "1");
        stock.markDependencyAvailable("h:1", "default", "t", arrived);
        try {
            stock.removeNonWaitingCoordActions(new HashSet<>(Arrays.asList("C@1")));
            fail("stock's purge went through");
        } catch (NullPointerException expected) {
            // everything behind it in the set stays in memory for ever
        }
        Services.get().destroy();

        bootPack();
        PartitionDependencyManagerService pack = Services.get().get(PartitionDependencyManagerService.class);
        HCatURI one = partition("h:1", "t", "1");
        HCatURI other = partition("h:1", "t", "2");
        pack.addMissingDependency(one, "C@1");
        pack.addMissingDependency(other, "C@2");
        pack.partitionAvailable("h:1", "default", "t", arrived);
        assertEquals(Arrays.asList(one.toURIString()), pack.getAvailableDependencyURIs("C@1"));
        registerWhatIsRecorded();
        eventually("C@1 forgotten", true, () -> pack.getAvailableDependencyURIs("C@1") == null);
        eventually("C@2 forgotten", true, () -> pack.getWaitingActions(other) == null);
    }

    public void test_h8_a_publisher_is_unknown_however_often_it_is_asked() throws Exception {
        String onlyOne = "hcat://known:1=java.naming.provider.url#tcp://none:1";
        URI unknown = new URI("hcat://unknown:1/default/t");
        bootStock("oozie.service.HCatAccessorService.jmsconnections", onlyOne);
        HCatAccessorService stock = Services.get().get(HCatAccessorService.class);
        assertFalse(stock.isKnownPublisher(unknown));
        assertTrue("stock changes its mind", stock.isKnownPublisher(unknown));
        Services.get().destroy();

        bootPack("oozie.service.HCatAccessorService.jmsconnections", onlyOne);
        HCatAccessorService pack = Services.get().get(HCatAccessorService.class);
        assertFalse(pack.isKnownPublisher(unknown));
        assertFalse(pack.isKnownPublisher(unknown));
        assertTrue(pack.isKnownPublisher(new URI("hcat://known:1/default/t")));
    }

    public void test_a_broker_without_a_publisher_is_an_error_that_names_the_property() throws Exception {
        String property = "oozie.service.HCatAccessorService.jmsconnections";
        try {
            bootPack(property, "java.naming.provider.url#tcp://none:1");
            fail("booted");
        } catch (ServiceException e) {
            assertTrue(e.getMessage(), e.getMessage().contains(property));
        }
    }

    public void test_h9_canonical_names_are_used_on_both_sides() throws Exception {
        HCatURI uri = partition("127.0.0.1:1", "t", "1");
        Map<String, String> arrived = Collections.singletonMap("dt", "1");
        bootStock(
                CANONICAL,
                "true",
                PartitionDependencyManagerService.CACHE_MANAGER_IMPL,
                EhcacheHCatDependencyCache.class.getName());
        PartitionDependencyManagerService stock = Services.get().get(PartitionDependencyManagerService.class);
        stock.addMissingDependency(uri, "C@1");
        stock.partitionAvailable("127.0.0.1:1", "default", "t", arrived);
        assertNull("stock looks under another name", stock.getAvailableDependencyURIs("C@1"));
        Services.get().destroy();

        bootPack(CANONICAL, "true");
        PartitionDependencyManagerService pack = Services.get().get(PartitionDependencyManagerService.class);
        pack.addMissingDependency(uri, "C@1");
        pack.partitionAvailable("localhost:1", "default", "t", arrived);
        assertEquals(Arrays.asList(uri.toURIString()), pack.getAvailableDependencyURIs("C@1"));
    }

    private static Collection<String> waiting(String uri) throws Exception {
        return Services.get().get(PartitionDependencyManagerService.class).getWaitingActions(new HCatURI(uri));
    }

    private static Collection<String> asSet(Collection<String> ids) {
        return ids == null ? null : new HashSet<>(ids);
    }

    /** As a change of the members does. */
    private static void registerWhatIsRecorded() {
        Services.get().get(PartitionDependencyManagerService.class).runCachePurgeWorker();
    }
}
