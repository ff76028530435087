package org.oozieha.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.zookeeper.AclReport;
import org.oozieha.cluster.zookeeper.TreeAccess;
import org.oozieha.config.HaConfig;
import org.oozieha.service.JsonText;
import org.oozieha.service.ZooKeeperOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "acl",
        description = {
            "Looks at the ACL of every znode of the cluster, or changes it.",
            "Logs in to ZooKeeper as the configuration says, so run it as the Oozie service user.",
            "Findings: a znode whose ACL is not the wanted one, or that this login may not look into."
        })
final class AclCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Action action;

    @Mixin
    private Connection connection;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws CannotTellException, InterruptedException {
        HaConfig config = connection.config();
        if (action.close && !config.secure()) {
            throw new CannotTellException(
                    "Whom shall the znodes belong to? Set oozie.zookeeper.secure=true in the configuration, or by -D.",
                    null);
        }
        AclReport report;
        try {
            TreeAccess access =
                    new TreeAccess(ZooKeeperOptions.of(config, connection.timeoutMs()), connection.timeoutMs());
            report = action.close ? access.close() : action.open ? access.open() : access.check();
        } catch (ClusterUnavailableException e) {
            throw new CannotTellException(e.getMessage(), e);
        }
        if (report.seen() == 0 && report.refused() == 0) {
            throw new CannotTellException(
                    "ZooKeeper has no znode /" + config.namespace()
                            + ": no server has started yet, or oozie.zookeeper.namespace or the address is another than the servers'",
                    null);
        }
        print(config.namespace(), report);
        return report.refused() > 0 || !report.changed() && report.different() > 0 ? OozieHa.FINDINGS : OozieHa.OK;
    }

    private void print(String namespace, AclReport report) {
        if (json) {
            spec.commandLine().getOut().println(JsonText.write(asJson(namespace, report)));
            return;
        }
        spec.commandLine()
                .getOut()
                .println("/" + namespace + ": " + report.seen() + " znodes, " + report.different()
                        + (report.changed() ? " changed to " : " not ") + report.wanted());
        report.firstDifferent().forEach((path, acl) -> line("/" + namespace + path + " had " + acl, report.changed()));
        if (report.secretsDiscarded()) {
            line(
                    "The secret that signs login cookies was deleted, since others could read or replace it: users log in again",
                    true);
        }
        report.firstRefused().forEach(path -> line("/" + namespace + path + " is not this login's", false));
    }

    private void line(String text, boolean done) {
        if (done) {
            spec.commandLine().getOut().println(text);
        } else {
            spec.commandLine().getErr().println("oozie-ha: " + text.replace(" had ", " has "));
        }
    }

    private static Map<String, Object> asJson(String namespace, AclReport report) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("namespace", namespace);
        result.put("wanted", report.wanted());
        result.put("znodes", report.seen());
        result.put("different", report.different());
        result.put("changed", report.changed());
        result.put("refused", report.refused());
        result.put("first_different", report.firstDifferent());
        result.put("first_refused", report.firstRefused());
        result.put("secrets_discarded", report.secretsDiscarded());
        return result;
    }

    /** One of them. */
    static final class Action {
        @Option(
                names = "--check",
                description = "Compares: with oozie.zookeeper.secure=true all belong to this login, else to everybody.")
        private boolean check;

        @Option(names = "--close", description = "Gives them to this login. Can be repeated when it was broken off.")
        private boolean close;

        @Option(names = "--open", description = "Gives them to everybody, e.g. before oozie.zookeeper.secure=false.")
        private boolean open;
    }
}
