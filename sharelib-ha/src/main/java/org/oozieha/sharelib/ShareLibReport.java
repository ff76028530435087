package org.oozieha.sharelib;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oozieha.cli.ClusterReport;
import org.oozieha.cli.ReportAnswer;
import org.oozieha.cluster.Members;
import org.oozieha.sharelib.version.ShareLibNodes;
import org.oozieha.sharelib.version.VersionView;

/** {@code oozie-ha sharelib}: the published version, and what each server serves. */
public final class ShareLibReport implements ClusterReport {
    @Override
    public String name() {
        return "sharelib";
    }

    @Override
    public String description() {
        return "Shows the published version of the sharelib, the one each server serves, and the launcher directories."
                + " Findings: no version is published, a server serves another one or none, or its files were changed.";
    }

    @Override
    public List<String> directories() {
        return Arrays.asList(ShareLibNodes.ROOT, ShareLibNodes.LOADED, ShareLibNodes.LAUNCHERS);
    }

    @Override
    public ReportAnswer look(Members members, Map<String, Map<String, byte[]>> directories, long nowMs) {
        VersionView view =
                VersionView.of(members, directories.get(ShareLibNodes.ROOT), directories.get(ShareLibNodes.LOADED));
        ReportAnswer answer = new ReportAnswer();
        answer.line("published: " + view.published());
        answer.row("ID", "STATE", "VERSION", "PATH", "REMARK");
        Map<String, Object> servers = new LinkedHashMap<>();
        for (VersionView.Row row : view.rows()) {
            answer.row(
                    row.server(), row.state(), row.number() == 0 ? "-" : "" + row.number(), row.path(), row.remark());
            Map<String, Object> server = new LinkedHashMap<>();
            server.put("state", row.state());
            server.put("version", row.number());
            server.put("path", row.path());
            server.put("remark", row.remark());
            servers.put(row.server(), server);
        }
        answer.json("published", view.publishedJson());
        answer.json("servers", servers);
        answer.json(
                "launcher_directories", directories.get(ShareLibNodes.LAUNCHERS).keySet());
        view.findings().forEach(answer::finding);
        return answer;
    }
}
