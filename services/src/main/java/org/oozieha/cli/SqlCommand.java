package org.oozieha.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.oozieha.fence.FenceTable;
import org.oozieha.service.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "sql",
        description =
                "Prints the statements that create the table for oozie.ha.fencing=database and that of SLA alerts.")
final class SqlCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--database", paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}; default: all.")
    private FenceTable only;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<FenceTable> databases =
                only == null ? Arrays.asList(FenceTable.values()) : Collections.singletonList(only);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    JsonText.write(databases.stream().map(SqlCommand::asJson).collect(Collectors.toList())));
        } else {
            for (FenceTable database : databases) {
                out.println("-- " + database.label()
                        + (database.fences()
                                ? ""
                                : ": oozie.ha.fencing=database is refused here until it has been tested"));
                out.println(database.createTable() + ";");
                out.println(database.createAlertTable() + ";");
                out.println(database.createAlertIndex() + ";");
            }
        }
        return only == null || only.fences() ? OozieHa.OK : OozieHa.FINDINGS;
    }

    private static Map<String, Object> asJson(FenceTable database) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("database", database.label());
        row.put("create_table", database.createTable() + ";");
        row.put("create_alert_table", database.createAlertTable() + "; " + database.createAlertIndex() + ";");
        row.put("fencing_supported", database.fences());
        return row;
    }
}
