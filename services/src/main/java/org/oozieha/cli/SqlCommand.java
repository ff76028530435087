package org.oozieha.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

        Map<String, Object> asJson() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("database", label());
            row.put("create_table", createTable());
            row.put("fencing_supported", fences);
            return row;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--database", paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}; default: all.")
    private Database only;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<Database> databases = only == null ? Arrays.asList(Database.values()) : Collections.singletonList(only);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.write(databases.stream().map(Database::asJson).collect(Collectors.toList())));
        } else {
            for (Database database : databases) {
                out.println("-- " + database.label()
                        + (database.fences
                                ? ""
                                : ": oozie.ha.fencing=database is refused here until it has been tested"));
                out.println(database.createTable());
            }
        }
        return only == null || only.fences ? OozieHa.OK : OozieHa.FINDINGS;
    }
}
