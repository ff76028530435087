package org.oozieha.it.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who wrote which status when, as the database saw it: a trigger records each insert and update of a workflow or
 * coordinator job or action together with the writing server. A row is recorded exactly if its transaction committed.
 */
public final class AuditTrail {
    private static final List<String> TABLES = Arrays.asList("WF_JOBS", "WF_ACTIONS", "COORD_JOBS", "COORD_ACTIONS");

    private final Database database;

    private AuditTrail(Database database) {
        this.database = database;
    }

    /** Installs the trigger; call it once, before a server starts. */
    public static AuditTrail install(Database database) {
        database.execute("CREATE TABLE it_audit ("
                + "id bigserial PRIMARY KEY, committing timestamptz NOT NULL, written timestamptz NOT NULL,"
                + " txid bigint NOT NULL, row_table text NOT NULL, row_id text NOT NULL,"
                + " old_status text, new_status text, server text)");
        database.execute("CREATE FUNCTION it_audit() RETURNS trigger AS $$ BEGIN"
                + " INSERT INTO it_audit (committing, written, txid, row_table, row_id, old_status, new_status, server)"
                + " VALUES (now(), clock_timestamp(), txid_current(), upper(TG_TABLE_NAME), NEW.id,"
                + " CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status,"
                + " current_setting('application_name')); RETURN NULL; END $$ LANGUAGE plpgsql");
        for (String table : TABLES) {
            database.execute("CREATE TRIGGER it_audit AFTER INSERT OR UPDATE ON " + table
                    + " FOR EACH ROW EXECUTE FUNCTION it_audit()");
        }
        return new AuditTrail(database);
    }

    /** Everything recorded for rows whose id starts so, in the order of writing; the empty string means all rows. */
    public List<StatusWrite> writesOf(String idPrefix) {
        List<StatusWrite> writes = new ArrayList<>();
        String sql = "SELECT (extract(epoch FROM written) * 1000)::bigint, row_table, row_id, old_status, new_status,"
                + " server FROM it_audit WHERE starts_with(row_id, ?) ORDER BY id";
        for (String[] row : database.query(sql, idPrefix)) {
            writes.add(new StatusWrite(Long.parseLong(row[0]), row[1], row[2], row[3], row[4], row[5]));
        }
        return writes;
    }

    /** When the job got the status it has now; milliseconds since the epoch. */
    public long lastStatusChange(String job) {
        return writesOf(job).stream()
                .filter(write -> write.id().equals(job) && write.changesStatus())
                .mapToLong(StatusWrite::atMillis)
                .max()
                .orElseThrow(() -> new IllegalArgumentException("no write of " + job));
    }
}
