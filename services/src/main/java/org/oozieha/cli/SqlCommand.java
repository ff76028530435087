package org.oozieha.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.oozieha.service.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "sql", description = "Prints the statement that creates the table for oozie.ha.fencing=database.")
final class SqlCommand implements Callable<Integer> {
    /** A database that Oozie runs on, and how it spells the column types. */
    enum Database {
        POSTGRESQL("varchar(255)", "bigint", "timestamp", "", true),
        // binary collation: ids that differ in case only are two servers; 3-byte utf8: the key fits old InnoDB formats
        MYSQL("varchar(255) character set utf8 collate utf8_bin", "bigint", "datetime(3)", " engine=InnoDB", true),
        MARIADB("varchar(255) character set utf8 collate utf8_bin", "bigint", "datetime(3)", " engine=InnoDB", true),
        ORACLE("varchar2(255)", "number(19)", "timestamp", "", false),
        DERBY("varchar(255)", "bigint", "timestamp", "", false),
        HSQLDB("varchar(255)", "bigint", "timestamp", "", false),
        SQLSERVER("nvarchar(255)", "bigint", "datetime2", "", false);

        private final String text;
        private final String number;
        private final String time;
        private final String tail;
        private final boolean fences;

        Database(String text, String number, String time, String tail, boolean fences) {
            this.text = text;
            this.number = number;
            this.time = time;
            this.tail = tail;
            this.fences = fences;
        }

        String createTable() {
            return "create table OOZIE_HA_SERVER (server_id " + text + " not null, incarnation " + number
                    + " not null, fenced_at " + time + (this == DERBY ? "" : " null")
                    + ", primary key (server_id, incarnation))" + tail + ";";
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            defaultValue = "postgresql",
            description = "One of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Database database;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("database", database.label());
            result.put("create_table", database.createTable());
            result.put("fencing_supported", database.fences);
            spec.commandLine().getOut().println(JsonText.write(result));
        } else {
            spec.commandLine().getOut().println(database.createTable());
        }
        if (!database.fences) {
            spec.commandLine()
                    .getErr()
                    .println("oozie.ha.fencing=database is refused on " + database.label()
                            + " until it has been tested there; use lease, which needs no table.");
            return OozieHa.FINDINGS;
        }
        return OozieHa.OK;
    }
}
