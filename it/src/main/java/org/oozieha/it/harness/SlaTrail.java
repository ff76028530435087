package org.oozieha.it.harness;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which server recorded when that which job missed its end, as the database saw it: a trigger on SLA_SUMMARY. Thread-safe. */
final class SlaTrail {
    private final Database database;

    SlaTrail(Database database) {
        this.database = database;
    }

    /** Installs the trigger; call it once, before a server starts. */
    static void install(Database database) {
        database.execute("CREATE TABLE it_sla (job_id text NOT NULL, written timestamptz NOT NULL, server text)");
        database.execute("CREATE FUNCTION it_sla() RETURNS trigger AS $$ BEGIN"
                + " INSERT INTO it_sla (job_id, written, server)"
                + " VALUES (NEW.job_id, clock_timestamp(), current_setting('application_name'));"
                + " RETURN NULL; END $$ LANGUAGE plpgsql");
        database.execute("CREATE TRIGGER it_sla AFTER UPDATE OF event_processed ON sla_summary FOR EACH ROW WHEN"
                + " (NEW.event_status = 'END_MISS' AND NEW.event_processed BETWEEN 4 AND 7)"
                + " EXECUTE FUNCTION it_sla()");
    }

    /** How often it was recorded of each of these jobs; without those of which it was not. */
    Map<String, Integer> counts(Collection<String> jobs) {
        Set<String> wanted = new HashSet<>(jobs);
        Map<String, Integer> counts = new TreeMap<>();
        for (String[] row : database.query("SELECT job_id FROM it_sla")) {
            if (wanted.contains(row[0])) {
                counts.merge(row[0], 1, Integer::sum);
            }
        }
        return counts;
    }

    /** The servers that recorded any of these jobs. */
    Set<String> servers(Collection<String> jobs) {
        Set<String> wanted = new HashSet<>(jobs);
        Set<String> servers = new TreeSet<>();
        for (String[] row : database.query("SELECT job_id, server FROM it_sla")) {
            if (wanted.contains(row[0])) {
                servers.add(row[1]);
            }
        }
        return servers;
    }
}
