package org.oozieha.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.zookeeper.ServerListing;
import org.oozieha.config.HaConfig;
import org.oozieha.service.JsonText;
import org.oozieha.service.ZooKeeperOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "servers",
        description = {
            "Lists the Oozie servers registered in ZooKeeper.",
            "Findings: no server, none that is ACTIVE, a damaged entry, several versions, one URL used twice."
        })
final class ServersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws CannotTellException, InterruptedException {
        HaConfig config = connection.config();
        ServerListing listing;
        try {
            listing = ServerListing.read(ZooKeeperOptions.of(config, connection.timeoutMs()), Collections.emptyList());
        } catch (ClusterUnavailableException e) {
            throw new CannotTellException(e.getMessage(), e);
        }
        List<String> findings = new ServerFindings(listing).sentences();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.write(asJson(listing, findings)));
        } else {
            table(listing).forEach(out::println);
            findings.forEach(finding -> spec.commandLine().getErr().println("oozie-ha: " + finding));
        }
        return findings.isEmpty() ? OozieHa.OK : OozieHa.FINDINGS;
    }

    private static Map<String, Object> asJson(ServerListing listing, List<String> findings) {
        Map<String, Object> result = new LinkedHashMap<>();
        List<Object> servers = new ArrayList<>();
        for (Member member : listing.members().all()) {
            Map<String, Object> server = new LinkedHashMap<>();
            server.put("id", member.id());
            server.put("state", member.state().name());
            server.put("incarnation", member.incarnation().number());
            server.put("url", member.url());
            server.put("pack_version", member.identity().packVersion());
            server.put("oozie_version", member.identity().oozieVersion());
            server.put("session_timeout_ms", member.sessionTimeoutMs());
            server.put("started_at_ms", member.identity().startedAtMs());
            servers.add(server);
        }
        result.put("servers", servers);
        result.put("stock_servers", listing.members().stockServers());
        result.put("findings", findings);
        return result;
    }

    private static List<String> table(ServerListing listing) {
        TextTable table = new TextTable().row("ID", "STATE", "INCARNATION", "URL", "VERSION", "AGE");
        for (Member member : listing.members().all()) {
            table.row(
                    member.id(),
                    member.state().name(),
                    Long.toString(member.incarnation().number()),
                    member.url(),
                    member.identity().packVersion() + " on " + member.identity().oozieVersion(),
                    age(System.currentTimeMillis() - member.identity().startedAtMs()));
        }
        listing.members().stockServers().forEach((id, url) -> table.row(id, "STOCK", "-", url, "-", "-"));
        return table.lines();
    }

    /** The two largest units, e.g. {@code 3d 4h}. */
    static String age(long ms) {
        Duration age = Duration.ofMillis(Math.max(0, ms));
        long seconds = age.getSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + "h " + seconds % 3_600 / 60 + "m";
        }
        return seconds / 86_400 + "d " + seconds % 86_400 / 3_600 + "h";
    }
}
