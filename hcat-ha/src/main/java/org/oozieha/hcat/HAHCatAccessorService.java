package org.oozieha.hcat;

import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.dependency.hcat.HCatMessageHandler;
import org.apache.oozie.dependency.hcat.SimpleHCatDependencyCache;
import org.apache.oozie.jms.JMSConnectionInfo;
import org.apache.oozie.jms.MessageHandler;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;
import org.oozieha.hcat.endpoint.ClusterList;
import org.oozieha.hcat.endpoint.FailOver;
import org.oozieha.hcat.endpoint.StickyChoice;
import org.oozieha.hcat.topic.Subscriptions;
import org.oozieha.hcat.waiting.Table;
import org.oozieha.service.HaNode;

/**
 * Listens to the topics of HCatalog tables and knows the clusters of metastores; in {@code oozie.services.ext} it takes the place of
 * Oozie's HCatAccessorService.
 *
 * <p>Guarantee: every topic with waiting actions is listened to whenever its broker can be reached, after an outage of any length; what was
 * waited for meanwhile is then looked up. A publisher is known exactly if {@code oozie.service.HCatAccessorService.jmsconnections} has a rule
 * or a default for it, however often it is asked. On failure: see {@link Subscriptions} and {@link FailOver}. Thread-safe.
 *
 * <p>Source: Oozie 5.2.1's HCatAccessorService and JMSAccessorService, which give up a broker after ten attempts and lose topics between
 * unregistering and registering. JMSAccessorService goes on sending Oozie's own messages.
 */
public class HAHCatAccessorService extends HCatAccessorService {
    private final Map<Table, Registration> registrations = new ConcurrentHashMap<>();
    private final Map<JMSConnectionInfo, Subscriptions<MessageHandler>> brokers = new ConcurrentHashMap<>();
    private final Queue<BackgroundTimer> timers = new ConcurrentLinkedQueue<>();
    private ServerNames names;
    private Publishers publishers;
    private volatile boolean stopped;
    private Function<JMSConnectionInfo, JmsBroker> toBroker;
    private Map<String, FailOver> clusters = Collections.emptyMap();
    private LauncherNames launcherNames;
    private Configuration hcatConf;

    @Override
    public void init(Services services) throws ServiceException {
        Configuration conf = services.getConf();
        publishers = Publishers.of(conf);
        super.init(services);
        HaNode node = HaNode.of(services);
        names = new ServerNames(conf.getBoolean(SimpleHCatDependencyCache.USE_CANONICAL_HOSTNAME, false));
        toBroker = JmsBroker.factory(
                conf, node.config().hcatJmsDurable() ? Optional.of(node.config().instanceId()) : Optional.empty());
        long boundNanos = TimeUnit.MILLISECONDS.toNanos(node.config().hcatCallTimeoutMs());
        clusters = ClusterList.parse(node.config().hcatClusters(), node::foreignDirectory).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        cluster -> new FailOver(
                                cluster.getKey(),
                                new StickyChoice(cluster.getKey(), cluster.getValue(), System::nanoTime, new Random()),
                                NotReached::is,
                                System::nanoTime,
                                boundNanos)));
        if (!clusters.isEmpty()) {
            launcherNames =
                    new LauncherNames(clusters, Math.toIntExact(node.config().hcatCallTimeoutMs()));
            node.addLauncherSettings(launcherNames);
        }
        hcatConf = super.getHCatConf() == null ? null : new CallBounds(node.config()).on(super.getHCatConf());
    }

    /** The cluster behind a logical authority; empty for an authority that names hosts, and where Oozie's own accessor is. */
    static Optional<FailOver> cluster(String authority) {
        Services services = Services.get();
        HCatAccessorService accessor = services == null ? null : services.get(HCatAccessorService.class);
        return accessor instanceof HAHCatAccessorService
                ? Optional.ofNullable(((HAHCatAccessorService) accessor).clusters.get(authority))
                : Optional.empty();
    }

    @Override
    public Configuration getHCatConf() {
        return hcatConf;
    }

    @Override
    public boolean isKnownPublisher(URI source) {
        return getJMSConnectionInfo(source) != null;
    }

    @Override
    public JMSConnectionInfo getJMSConnectionInfo(URI publisher) {
        return publishers.broker(publisher).orElse(null);
    }

    private Table table(HCatURI uri) {
        return table(uri.getServer(), uri.getDb(), uri.getTable());
    }

    private Table table(String server, String database, String name) {
        return new Table(names.of(server), database, name);
    }

    @Override
    public boolean isRegisteredForNotification(HCatURI uri) {
        Registration known = registrations.get(table(uri));
        return known != null && subscriptions(known.broker).isWanted(known.topic);
    }

    @Override
    public void registerForNotification(HCatURI uri, String topic, HCatMessageHandler handler) {
        JMSConnectionInfo broker = getJMSConnectionInfo(uri.getURI());
        if (broker != null) {
            registrations.put(table(uri), new Registration(broker, topic, handler));
            Subscriptions<MessageHandler> topics = subscriptions(broker);
            if (topics.isSubscribed(topic)) {
                listening(broker, topic); // for another name of the same table
            }
            topics.want(topic, handler(broker, topic));
        }
    }

    /** Listens again if the topic was given up between a check and a registration; nothing if the topic is not known yet. */
    void listenAgain(HCatURI uri) {
        Registration known = registrations.get(table(uri));
        if (known != null) {
            subscriptions(known.broker).want(known.topic, handler(known.broker, known.topic));
        }
    }

    private Subscriptions<MessageHandler> subscriptions(JMSConnectionInfo broker) {
        return brokers.computeIfAbsent(
                broker,
                info -> new Subscriptions<>(
                        BrokerName.of(info.getJNDIProperties()),
                        toBroker.apply(info),
                        timer(),
                        topic -> isWaitedFor(info, topic),
                        topic -> listening(info, topic)));
    }

    /** One for each broker: connecting to a dead one can wait for as long as it is dead. */
    private BackgroundTimer timer() {
        BackgroundTimer timer = new BackgroundTimer("oozie-ha-hcat-jms");
        timers.add(timer);
        if (stopped) {
            timer.close();
        }
        return timer;
    }

    private boolean isWaitedFor(JMSConnectionInfo broker, String topic) {
        return dependencies()
                .map(all -> tables(broker, topic).anyMatch(all::isWaitedFor))
                .orElse(false);
    }

    private void listening(JMSConnectionInfo broker, String topic) {
        dependencies().ifPresent(all -> tables(broker, topic).forEach(all::listening));
    }

    /** A metastore can have several names in URIs, and announces a partition once. */
    private MessageHandler handler(JMSConnectionInfo broker, String topic) {
        return message -> registrations.values().stream()
                .filter(registration -> registration.isOf(broker, topic))
                .forEach(registration -> registration.handler.process(message));
    }

    private Stream<Table> tables(JMSConnectionInfo broker, String topic) {
        return registrations.entrySet().stream()
                .filter(entry -> entry.getValue().isOf(broker, topic))
                .map(Map.Entry::getKey);
    }

    /** Whether messages of the table's topic can be about a table of another metastore, or of another name of this one. */
    boolean sharesTopic(Table table) {
        Registration known = registrations.get(table);
        return known != null && tables(known.broker, known.topic).anyMatch(other -> !other.equals(table));
    }

    private static Optional<HAPartitionDependencyManagerService> dependencies() {
        Services services = Services.get();
        PartitionDependencyManagerService all =
                services == null ? null : services.get(PartitionDependencyManagerService.class);
        return all instanceof HAPartitionDependencyManagerService
                ? Optional.of((HAPartitionDependencyManagerService) all)
                : Optional.empty();
    }

    @Override
    public void unregisterFromNotification(HCatURI uri) {
        release(table(uri));
    }

    @Override
    public void unregisterFromNotification(String server, String database, String table) {
        release(table(server, database, table));
    }

    private void release(Table table) {
        Registration known = registrations.get(table);
        if (known != null) {
            subscriptions(known.broker).release(known.topic);
        }
    }

    @Override
    public void destroy() {
        stopped = true;
        brokers.values().forEach(Subscriptions::close);
        timers.forEach(BackgroundTimer::close);
        HaNode.current().ifPresent(node -> node.removeLauncherSettings(launcherNames));
        super.destroy();
    }

    /** The topic of a table; stays known once it was looked up. */
    private static final class Registration {
        private final JMSConnectionInfo broker;
        private final String topic;
        private final HCatMessageHandler handler;

        private Registration(JMSConnectionInfo broker, String topic, HCatMessageHandler handler) {
            this.broker = broker;
            this.topic = topic;
            this.handler = handler;
        }

        private boolean isOf(JMSConnectionInfo otherBroker, String otherTopic) {
            return broker.equals(otherBroker) && topic.equals(otherTopic);
        }
    }
}
