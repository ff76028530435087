package org.oozieha.it.mini;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import javax.persistence.EntityManager;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.Services;
import org.apache.oozie.test.XTestCase;

/**
 * Puts the pack's SLA service in the place of stock's, after an upstream test has started Oozie's services.
 *
 * <p>Left out: TestHASLAService, whose tests cast the calculator to SLACalculatorMemory (testSLAFailOverWithHA in line 88, the other three
 * likewise) and make a second one of that class; TestSLACalculatorMemory, which is about that class; TestSLAEmailEventListener, which starts
 * no services.
 */
final class UpstreamSla {
    /** Not the database service: these tests keep the one they found. */
    private static final String[] SERVICES = {"org.oozieha.service.ZKLocksService", "org.oozieha.sla.HASLAService"};

    private static ZooKeeperServer zookeeper;
    private static int installed;

    private UpstreamSla() {}

    static synchronized void prepare() throws Exception {
        if (zookeeper == null) {
            zookeeper = ZooKeeperServer.start();
        }
    }

    /** For tests with files: the local ones, and no Hive, of which their base class starts a metastore unless there is one. */
    static void prepareFiles() throws Exception {
        prepare();
        System.setProperty(XTestCase.OOZIE_TEST_NAME_NODE, "file:///");
        Field field = XTestCase.class.getDeclaredField("hcatServer");
        field.setAccessible(true);
        Constructor<?> constructor = field.getType().getConstructors()[0];
        Object server = constructor.getParameterTypes()[0].getEnumConstants()[0];
        if (field.get(null) == null) {
            field.set(null, constructor.newInstance(server, new Configuration(false)));
        }
    }

    static void install() throws Exception {
        Services services = Services.get();
        Configuration conf = services.getConf();
        conf.set("oozie.zookeeper.connection.string", zookeeper.connectionString());
        conf.set("oozie.zookeeper.namespace", "upstream-" + ++installed);
        conf.set("oozie.ha.activation.http.check", "false");
        forgetAlerts(services);
        for (String name : SERVICES) {
            services.setService(Class.forName(name).asSubclass(Service.class));
        }
    }

    /** What an earlier test left undelivered would be delivered in this one. */
    private static void forgetAlerts(Services services) {
        EntityManager entities = services.get(JPAService.class).getEntityManager();
        try {
            entities.getTransaction().begin();
            entities.createNativeQuery("delete from OOZIE_HA_ALERT").executeUpdate();
            entities.getTransaction().commit();
        } catch (RuntimeException noTable) {
            entities.getTransaction().rollback();
        } finally {
            entities.close();
        }
    }
}
