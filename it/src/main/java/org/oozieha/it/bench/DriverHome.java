package org.oozieha.it.bench;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.oozieha.it.harness.ChildProcess;
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieHome;
import org.oozieha.it.harness.OozieSite;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperEnsemble;

/** A server's home in which only the scheduler, metrics, locks, job ids and the database run. */
final class DriverHome {
    private static final int LOCKS = 0;
    private static final int IDS = 3;

    private DriverHome() {}

    static Driver start(
            Workspace workspace,
            Database database,
            ZooKeeperEnsemble zooKeeper,
            HaServices services,
            String name,
            long lingerMillis) {
        Map<String, String> more = new HashMap<>();
        more.put("oozie.zookeeper.namespace", name);
        more.put("oozie.ha.lock.linger.ms", String.valueOf(lingerMillis));
        return start(workspace, database, zooKeeper, services, name, more);
    }

    /** @param more properties that come last */
    static Driver start(
            Workspace workspace,
            Database database,
            ZooKeeperEnsemble zooKeeper,
            HaServices services,
            String name,
            Map<String, String> more) {
        OozieHome home = OozieHome.layOut(workspace.dir(name), workspace, services, Collections.emptyList());
        OozieSite site = new OozieSite()
                .set(
                        "oozie.services",
                        String.join(
                                ",",
                                "org.apache.oozie.service.SchedulerService",
                                "org.apache.oozie.service.MetricsInstrumentationService",
                                services.classes().get(LOCKS),
                                services.classes().get(IDS),
                                "org.apache.oozie.service.JPAService"))
                .setDatabase(database.urlFor(name))
                .set("oozie.instance.id", name)
                .set("oozie.zookeeper.connection.string", zooKeeper.connectionString())
                .set("oozie.http.hostname", "127.0.0.1")
                .set("oozie.base.url", "http://127.0.0.1:1/oozie");
        if (services == HaServices.PACK) {
            site.set("oozie.ha.server.url", "http://127.0.0.1:1/oozie").set("oozie.ha.activation.http.check", false);
        }
        site.setAll(more);
        site.write(home.conf().resolve("oozie-site.xml"));
        return Driver.start(port -> ChildProcess.start(
                "driver",
                home.dir(),
                Arrays.asList(
                        ChildProcess.java(),
                        "-Xmx1g",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + home.tmp(),
                        "-Doozie.home.dir=" + home.dir(),
                        "-Doozie.config.dir=" + home.conf(),
                        "-Doozie.log.dir=" + home.logs(),
                        "-Doozie.data.dir=" + home.data(),
                        "-Doozie.instance.id=" + name,
                        "-Doozie.config.file=oozie-site.xml",
                        "-Doozie.log4j.file=oozie-log4j.properties",
                        "-cp",
                        home.classPath(),
                        "org.oozieha.it.server.ServiceDriver",
                        Integer.toString(port))));
    }
}
