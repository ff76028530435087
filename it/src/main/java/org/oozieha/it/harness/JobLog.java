package org.oozieha.it.harness;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of one job, as a server's answer or its files have them. Immutable. */
public final class JobLog {
    private static final Pattern STAMP = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}) .*");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS").withZone(ZoneId.systemDefault());
    private static final Duration SHOWN_AFTER_END = Duration.ofMinutes(2);
    private static final Pattern JOB = Pattern.compile("JOB\\[([^\\]]*)\\]");
    private static final Pattern SERVER = Pattern.compile("SERVER\\[([^\\]]*)\\]");

    private final List<String> lines;

    private JobLog(List<String> lines) {
        this.lines = lines;
    }

    /** What {@code show=log} answered; one level of HTML escaping is taken off. */
    public static JobLog answered(String body) {
        String plain = body.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
        return new JobLog(Arrays.asList(plain.split("\r?\n")));
    }

    /** The messages with the job's id in the servers' log files, with their further lines. */
    public static JobLog written(String job, Collection<OozieServer> servers) {
        return written(Collections.singleton(job), servers).get(job);
    }

    /** The same for several jobs, by job; reads the files once. */
    public static Map<String, JobLog> written(Collection<String> jobs, Collection<OozieServer> servers) {
        Map<String, List<String>> lines = new TreeMap<>();
        jobs.forEach(job -> lines.put(job, new ArrayList<>()));
        for (OozieServer server : servers) {
            List<String> current = null;
            for (String line : server.logLines()) {
                if (STAMP.matcher(line).matches()) {
                    Matcher job = JOB.matcher(line);
                    current = job.find() ? lines.get(job.group(1)) : null;
                }
                if (current != null) {
                    current.add(line);
                }
            }
        }
        Map<String, JobLog> logs = new TreeMap<>();
        lines.forEach((job, written) -> logs.put(job, new JobLog(written)));
        return logs;
    }

    /** How many lines of these jobs' logs the load balancer's answers leave out, of what the servers' files have and Oozie shows. */
    public static int linesMissing(Cluster cluster, Collection<String> jobs) {
        int missing = 0;
        for (Map.Entry<String, JobLog> job : written(jobs, cluster.servers()).entrySet()) {
            String answer = Http.get(
                    cluster.balancer().url() + "/v2/job/" + job.getKey() + "?show=log", Duration.ofSeconds(60));
            JobLog shown = job.getValue().shownFor(cluster.audit().lastStatusChange(job.getKey()));
            missing += shown.missingIn(answered(answer)).size();
        }
        return missing;
    }

    /** The part that Oozie shows: what was written up to two minutes after the job's end, milliseconds since the epoch. */
    public JobLog shownFor(long endedAtMillis) {
        String last = TIME.format(Instant.ofEpochMilli(endedAtMillis).plus(SHOWN_AFTER_END));
        List<String> shown = new ArrayList<>();
        boolean of = true;
        for (String line : lines) {
            Matcher stamp = STAMP.matcher(line);
            of = stamp.matches() ? stamp.group(1).compareTo(last) < 0 : of;
            if (of) {
                shown.add(line);
            }
        }
        return new JobLog(shown);
    }

    public List<String> lines() {
        return lines;
    }

    /** The lines of this log that the other one does not have, or has less often. */
    public List<String> missingIn(JobLog other) {
        Map<String, Integer> present = new HashMap<>();
        other.lines.forEach(line -> present.merge(line.trim(), 1, Integer::sum));
        List<String> missing = new ArrayList<>();
        for (String line : lines) {
            if (present.merge(line.trim(), -1, Integer::sum) < 0) {
                missing.add(line);
            }
        }
        return missing;
    }

    /**
     * The first line that stands too late among the other servers' lines; {@code null} when there is none. A server's own
     * file is not in strict order (threads take their time stamp before they take the file), so a line counts with the
     * latest time its server had written until then.
     */
    public String firstOutOfOrder() {
        Map<String, String> latest = new HashMap<>();
        String last = "";
        for (String line : lines) {
            Matcher stamp = STAMP.matcher(line);
            Matcher server = SERVER.matcher(line);
            if (stamp.matches() && server.find()) {
                String time = latest.merge(server.group(1), stamp.group(1), (a, b) -> a.compareTo(b) < 0 ? b : a);
                if (time.compareTo(last) < 0) {
                    return line;
                }
                last = time;
            }
        }
        return null;
    }

    /** The servers that wrote lines of it. */
    public Set<String> servers() {
        Set<String> servers = new TreeSet<>();
        for (String line : lines) {
            Matcher server = SERVER.matcher(line);
            if (STAMP.matcher(line).matches() && server.find()) {
                servers.add(server.group(1));
            }
        }
        return servers;
    }
}
