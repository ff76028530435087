package org.oozieha.it.kerberos;

import static org.junit.Assert.assertTrue;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.it.harness.Waiting;

/** What a call between servers costs: the pack's beside stock Oozie's, in one server, in turn. */
public final class PeerCallCostFaults {
    private static final int CALLS = 200;

    @Rule
    public final Report report = Report.of(PeerCallCostFaults.class);

    @Test
    public void a_call_with_a_kept_cookie_is_cheaper_than_stocks() throws Exception {
        KerberosCluster kerberos =
                KerberosCluster.start("kerberos-cost", Duration.ofHours(1), settings -> settings.services(
                                "org.oozieha.it.server.PeerCallMeter")
                        .property("oozie.authentication.token.validity", 36_000));
        try {
            Path data = kerberos.cluster().workspace().dir("oozie-1").resolve("data");
            Path request = data.resolve("peer-calls.new");
            Files.write(
                    request,
                    Arrays.asList(kerberos.cluster().server(2).url(), Integer.toString(CALLS)),
                    StandardCharsets.US_ASCII);
            Files.move(request, data.resolve("peer-calls.request"));
            Path result = data.resolve("peer-calls.result");
            Waiting.until("the calls are measured", Duration.ofMinutes(3), () -> Files.exists(result));
            String text = new String(Files.readAllBytes(result), StandardCharsets.UTF_8);
            report.figure(
                    "calls=" + CALLS + " each way, in turn: " + text.trim().replaceAll("\\s+", " "));
            Properties figures = new Properties();
            figures.load(new StringReader(text));
            assertTrue(text, figures.containsKey("stock.median_us"));
            assertTrue(text, microseconds(figures, "cookie") < microseconds(figures, "stock"));
        } finally {
            kerberos.close();
        }
    }

    private static long microseconds(Properties figures, String way) {
        return Long.parseLong(figures.getProperty(way + ".median_us"));
    }
}
