package org.oozieha.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.zookeeper.ServerListing;
import org.oozieha.config.HaConfig;
import org.oozieha.service.JsonText;
import org.oozieha.service.ZooKeeperOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a {@link ClusterReport}. */
@Command
final class ReportCommand implements Callable<Integer> {
    private final ClusterReport report;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    ReportCommand(ClusterReport report) {
        this.report = report;
    }

    @Override
    public Integer call() throws CannotTellException, InterruptedException {
        HaConfig config = connection.config();
        ServerListing listing;
        try {
            listing = ServerListing.read(ZooKeeperOptions.of(config, connection.timeoutMs()), report.directories());
        } catch (ClusterUnavailableException e) {
            throw new CannotTellException(e.getMessage(), e);
        }
        ReportAnswer answer = report.look(listing.members(), listing.directories(), System.currentTimeMillis());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.write(answer.json()));
        } else {
            answer.lines().forEach(out::println);
            answer.findings().forEach(finding -> spec.commandLine().getErr().println("oozie-ha: " + finding));
        }
        return answer.findings().isEmpty() ? OozieHa.OK : OozieHa.FINDINGS;
    }
}
