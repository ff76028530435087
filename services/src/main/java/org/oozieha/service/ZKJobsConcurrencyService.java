package org.oozieha.service;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.client.rest.RestConstants;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.JobsConcurrencyService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.ShareLibService;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Oozie which server leads, which jobs this server looks after, and which servers there are.
 *
 * <p>Guarantee: at most one server leads; by one view of the members each job has exactly one owner; a server whose lease has lapsed
 * leads nothing and owns nothing; a server is listed with a URL that reaches it, never {@code 0.0.0.0}. On failure: while ZooKeeper
 * is away the last list of servers stays. Replaces {@link JobsConcurrencyService}. Thread-safe.
 */
public class ZKJobsConcurrencyService extends JobsConcurrencyService {
    static final String SECRET_PROVIDER = "oozie.authentication.signer.secret.provider";
    static final String STOCK_SHUTDOWN = "oozie.zookeeper.server.shutdown.ontimeout";

    private static final String STOCK_PARTITIONS = "org.apache.oozie.service.PartitionDependencyManagerService";
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.http");

    private HaNode node;

    @Override
    public void init(Services services) throws ServiceException {
        node = HaNode.of(services);
        Configuration conf = services.get(ConfigurationService.class).getConf();
        if (!stockClientEnabled() && conf.get("oozie.services.ext", "").contains(STOCK_PARTITIONS)) {
            LOG.info("The purge worker of {} stays off: it would need stock's ZooKeeper client", STOCK_PARTITIONS);
        }
        configureSigning(conf, stockClientEnabled());
    }

    /**
     * Lets all servers sign cookies with one secret, unless stock does so, with its own client, or the operator named a class for it.
     */
    static void configureSigning(Configuration conf, boolean stockClient) {
        String chosen = conf.get(SECRET_PROVIDER, "");
        if (stockClient) {
            conf.set(STOCK_SHUTDOWN, "false");
        } else if (chosen.indexOf('.') < 0) {
            if (!chosen.isEmpty()) {
                LOG.info("Cookies are signed with one secret of all servers instead: {}={}", SECRET_PROVIDER, chosen);
            }
            conf.set(SECRET_PROVIDER, SharedSecretProvider.class.getName());
        } else {
            LOG.info("Cookies are signed by the configured class property={} class={}", SECRET_PROVIDER, chosen);
        }
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
    }

    @Override
    public Class<? extends Service> getInterface() {
        return JobsConcurrencyService.class;
    }

    @Override
    public boolean isLeader() {
        return node.leadership().isLeader();
    }

    @Override
    public boolean isJobIdForThisServer(String id) {
        return node.partition().owns(id);
    }

    @Override
    public List<String> getJobIdsForThisServer(List<String> ids) {
        return node.partition().owned(ids);
    }

    /** Id to URL, by id; this server is always among them. */
    @Override
    public Map<String, String> getServerUrls() {
        Cluster cluster = node.cluster();
        SortedMap<String, String> urls = urls(cluster.members());
        urls.put(cluster.self().id(), cluster.self().url());
        return urls;
    }

    @Override
    public Map<String, String> getOtherServerUrls() {
        Cluster cluster = node.cluster();
        SortedMap<String, String> urls = urls(cluster.members());
        urls.remove(cluster.self().id());
        return urls;
    }

    static SortedMap<String, String> urls(Members members) {
        SortedMap<String, String> urls = new TreeMap<>(members.stockServers());
        for (Member member : members.all()) {
            urls.put(member.id(), member.url());
        }
        return urls;
    }

    /**
     * As stock: yes, unless the request says {@code allservers=false}; no for a sharelib update where the sharelib service reaches all
     * servers by itself. Oozie asks here for sharelib updates and for job logs, and only these say what to show.
     */
    @Override
    public boolean isAllServerRequest(Map<String, String[]> parameters) {
        Services services = Services.get();
        boolean update = parameters != null && !parameters.containsKey(RestConstants.JOB_SHOW_PARAM);
        if (update && services != null && services.get(ShareLibService.class) instanceof ReachesAllServers) {
            return false;
        }
        String[] values = parameters == null ? null : parameters.get(RestConstants.ALL_SERVER_REQUEST);
        return values == null || values.length == 0 || !"false".equalsIgnoreCase(values[0]);
    }

    /** True would make Oozie open a ZooKeeper session of its own, so only if the operator wants that. */
    @Override
    public boolean isHighlyAvailableMode() {
        return stockClientEnabled();
    }

    private boolean stockClientEnabled() {
        return node.config().stockClientEnabled();
    }
}
