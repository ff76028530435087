package org.oozieha.it.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.AuthUrlClient;
import org.oozieha.config.HaConfig;
import org.oozieha.http.Authentication;
import org.oozieha.http.KerberosAccount;
import org.oozieha.http.KerberosLogin;
import org.oozieha.http.PeerClient;
import org.oozieha.http.PeerTimeouts;
import org.oozieha.http.PeerTrust;
import org.oozieha.service.HaNode;

/**
 * Times calls of another server from inside this one: with the pack's kept cookie, with a handshake each, and with stock Oozie's own
 * client. A file {@code peer-calls.request} in the data directory, a URL and a count, asks for it; {@code peer-calls.result} is the
 * answer, in microseconds.
 */
public final class PeerCallMeter implements Service {
    private static final String RESOURCE = "/v1/admin/status";
    private static final String[] WAYS = {"cookie", "handshake", "stock"};

    private ScheduledExecutorService thread;

    @Override
    public void init(Services services) {
        Path data = Paths.get(System.getProperty("oozie.data.dir"));
        thread = new ScheduledThreadPoolExecutor(1);
        thread.scheduleWithFixedDelay(() -> look(services, data), 200, 200, TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
    }

    @Override
    public Class<? extends Service> getInterface() {
        return PeerCallMeter.class;
    }

    private static void look(Services services, Path data) {
        Path request = data.resolve("peer-calls.request");
        if (Files.exists(request)) {
            String result;
            try {
                List<String> asked = Files.readAllLines(request, StandardCharsets.US_ASCII);
                Files.delete(request);
                result = measure(services, asked.get(0), Integer.parseInt(asked.get(1)));
            } catch (Exception e) {
                result = "failed=" + e;
            }
            try {
                Path made = Files.write(data.resolve("peer-calls.tmp"), result.getBytes(StandardCharsets.UTF_8));
                Files.move(made, data.resolve("peer-calls.result"), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String measure(Services services, String url, int count) throws Exception {
        Configuration conf = services.getConf();
        KerberosAccount account = KerberosAccount.of(
                HaConfig.from(conf).fullPrincipal(), conf.get("oozie.service.HadoopAccessorService.keytab.file"));
        try (KerberosLogin login = new KerberosLogin(account, System::currentTimeMillis)) {
            login.start();
            PeerClient kept = services.get(HaNode.class).peers();
            List<Callable<Object>> ways = Arrays.asList(
                    () -> kept.get(url, RESOURCE).isOk(), () -> withHandshake(login, url), () -> withStock(url));
            long[][] nanos = new long[ways.size()][count];
            for (int round = -count / 5; round < count; round++) {
                for (int way = 0; way < ways.size(); way++) {
                    long before = System.nanoTime();
                    if (!Boolean.TRUE.equals(ways.get(way).call())) {
                        throw new IOException(WAYS[way] + ": no answer");
                    }
                    if (round >= 0) {
                        nanos[way][round] = System.nanoTime() - before;
                    }
                }
            }
            return table(nanos);
        }
    }

    private static boolean withHandshake(KerberosLogin login, String url) throws Exception {
        try (PeerClient fresh =
                new PeerClient(PeerTimeouts.defaults(), Authentication.kerberos(login), PeerTrust.ofJava(), 2)) {
            return fresh.get(url, RESOURCE).isOk();
        }
    }

    private static boolean withStock(String url) throws IOException {
        try (BufferedReader answer = AuthUrlClient.callServer(url + RESOURCE)) {
            return answer.readLine() != null;
        }
    }

    private static String table(long[][] nanos) {
        StringBuilder lines = new StringBuilder();
        for (int way = 0; way < nanos.length; way++) {
            Arrays.sort(nanos[way]);
            int count = nanos[way].length;
            lines.append(String.format(
                    Locale.ROOT,
                    "%s.median_us=%d%n%s.p95_us=%d%n",
                    WAYS[way],
                    nanos[way][count / 2] / 1000,
                    WAYS[way],
                    nanos[way][count * 95 / 100] / 1000));
        }
        return lines.toString();
    }
}
