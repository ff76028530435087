package org.oozieha.it.mini;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.oozie.CoordinatorActionBean;
import org.apache.oozie.CoordinatorJobBean;
import org.apache.oozie.client.CoordinatorAction;
import org.apache.oozie.client.CoordinatorJob;
import org.apache.oozie.client.Job;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.executor.jpa.CoordActionQueryExecutor;
import org.apache.oozie.executor.jpa.CoordActionQueryExecutor.CoordActionQuery;
import org.apache.oozie.executor.jpa.CoordJobQueryExecutor;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.URIHandlerService;
import org.apache.oozie.util.HCatURI;
import org.apache.oozie.util.XConfiguration;

/** Services with HCatalog, stock's and the pack's, on one metastore that announces partitions to one broker. */
public abstract class HCatTestCase extends HaServicesTestCase {
    static final String STOCK_HANDLER = "org.apache.oozie.dependency.HCatURIHandler";
    static final String PACK_HANDLER = "org.oozieha.hcat.HAHCatURIHandler";
    private static final List<String> STOCK = Arrays.asList(
            "org.apache.oozie.service.JMSAccessorService",
            "org.apache.oozie.service.PartitionDependencyManagerService",
            "org.apache.oozie.service.HCatAccessorService");
    private static final List<String> PACK = Arrays.asList(
            "org.apache.oozie.service.JMSAccessorService",
            "org.oozieha.hcat.HAPartitionDependencyManagerService",
            "org.oozieha.hcat.HAHCatAccessorService");
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static HiveProcess broker;
    private static HiveProcess metastore;

    /** Starts both for the first test that asks. */
    static synchronized HiveProcess metastore() throws Exception {
        if (metastore == null) {
            broker().awaitReady();
            metastore = HiveProcess.metastore(broker).launch().awaitReady();
        }
        return metastore;
    }

    static synchronized HiveProcess broker() throws Exception {
        if (broker == null) {
            broker = HiveProcess.broker().launch().awaitReady();
        }
        return broker;
    }

    static Services bootStock(String... keysAndValues) throws Exception {
        return bootWith(STOCK, STOCK_HANDLER, keysAndValues);
    }

    /** Without the rows of other tests, which the pack registers and looks up too. */
    void emptyDatabase() throws Exception {
        bootStock();
        cleanUpDBTables();
        Services.get().destroy();
    }

    static Services bootPack(String... keysAndValues) throws Exception {
        List<String> classes = new ArrayList<>(ALL);
        classes.add("org.oozieha.service.HARecoveryService");
        classes.addAll(PACK);
        return bootWith(classes, PACK_HANDLER, keysAndValues);
    }

    static Services bootWith(List<String> classes, String handler, String... keysAndValues) throws Exception {
        List<String> settings = new ArrayList<>(Arrays.asList(
                URIHandlerService.URI_HANDLERS,
                "org.apache.oozie.dependency.FSURIHandler," + handler,
                "oozie.service.HCatAccessorService.jmsconnections",
                "default=" + connectionTo(broker().brokerUrl())));
        settings.addAll(Arrays.asList(keysAndValues));
        return boot(classes, settings.toArray(new String[0]));
    }

    static String connectionTo(String brokerUrl) {
        return "java.naming.factory.initial#org.apache.activemq.jndi.ActiveMQInitialContextFactory;java.naming.provider.url#"
                + brokerUrl + ";connectionFactoryNames#ConnectionFactory";
    }

    /** A new table of the metastore. */
    static String newTable() throws Exception {
        String table = "t" + NUMBERS.incrementAndGet();
        metastore().createTable(table);
        return table;
    }

    static HCatURI partition(String authority, String table, String date) throws Exception {
        return new HCatURI("hcat://" + authority + "/default/" + table + "/dt=" + date);
    }

    /** A running coordinator whose one action waits for the URIs, as a server left it that is gone; READY is as far as it gets. */
    String waitingAction(CoordinatorJob.Execution execution, long nominalAgeMs, String... uris) throws Exception {
        return waitingAction(NUMBERS.incrementAndGet(), execution, nominalAgeMs, uris);
    }

    String waitingAction(int number, CoordinatorJob.Execution execution, long nominalAgeMs, String... uris)
            throws Exception {
        String jobId = String.format("%07d-260101000000000-oozie-hcat-C", number);
        Date now = new Date();
        Date nominal = new Date(now.getTime() - nominalAgeMs);
        String conf = conf();
        CoordinatorJobBean job = new CoordinatorJobBean();
        job.setId(jobId);
        job.setAppName("hcat");
        job.setAppPath("file:///none");
        job.setUser(getTestUser());
        job.setStatus(Job.Status.RUNNING);
        job.setConf(conf);
        job.setCreatedTime(nominal);
        job.setLastModifiedTime(now);
        job.setStartTime(nominal);
        job.setEndTime(new Date(now.getTime() + 600_000));
        job.setNextMaterializedTime(job.getEndTime());
        job.setFrequency("1");
        job.setTimeUnit(CoordinatorJob.Timeunit.DAY);
        job.setTimeZone("UTC");
        job.setExecutionOrder(execution);
        job.setConcurrency(0);
        job.setMatThrottling(0);
        job.setJobXml("<coordinator-app xmlns='uri:oozie:coordinator:0.2' name='hcat'/>");
        CoordJobQueryExecutor.getInstance().insert(job);
        CoordinatorActionBean action = new CoordinatorActionBean();
        action.setId(jobId + "@1");
        action.setJobId(jobId);
        action.setActionNumber(1);
        action.setStatus(CoordinatorAction.Status.WAITING);
        action.setNominalTime(nominal);
        action.setCreatedTime(nominal);
        action.setLastModifiedTime(nominal);
        action.setTimeOut(-1);
        action.setCreatedConf(conf);
        action.setRunConf(conf);
        action.setMissingDependencies("");
        action.setPushMissingDependencies(String.join("#", uris));
        action.setActionXml(
                "<coordinator-app xmlns='uri:oozie:coordinator:0.2' name='hcat' frequency='1' timezone='UTC'"
                        + " freq_timeunit='DAY' action-nominal-time='2026-01-01T00:00Z' action-actual-time='2026-01-01T00:00Z'>"
                        + "<action><workflow><app-path>file:///none</app-path><configuration/></workflow></action>"
                        + "</coordinator-app>");
        CoordActionQueryExecutor.getInstance().insert(action);
        return action.getId();
    }

    private String conf() {
        XConfiguration conf = new XConfiguration();
        conf.set(OozieClient.USER_NAME, getTestUser());
        return conf.toXmlString();
    }

    /** When it was last looked at, or changed. */
    static long lastModifiedMs(String actionId) throws Exception {
        return CoordActionQueryExecutor.getInstance()
                .get(CoordActionQuery.GET_COORD_ACTION, actionId)
                .getLastModifiedTime()
                .getTime();
    }

    static String statusOf(String actionId) throws Exception {
        return CoordActionQueryExecutor.getInstance()
                .get(CoordActionQuery.GET_COORD_ACTION_STATUS, actionId)
                .getStatusStr();
    }
}
