package org.oozieha.it.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.UUIDService;

/**
 * Drives the lock and id services of a server's class path on request, one line each way over a connection to the port
 * given as its argument: {@code lock <key> <count> one|many}, {@code ids <count>}, {@code end}; answers
 * {@code done <ns>} or {@code failed <why>}.
 * {@code many} locks {@code <key>-<n>-W}, another key each time.
 */
public final class ServiceDriver {
    private static final long WAIT_MILLIS = 10_000;

    private ServiceDriver() {}

    public static void main(String[] arguments) throws Exception {
        Services services = new Services();
        services.init();
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(arguments[0]));
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                PrintStream out = new PrintStream(socket.getOutputStream(), true, "UTF-8")) {
            out.println("ready");
            for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
                out.println(answer(line.split(" ")));
            }
        } finally {
            services.destroy();
        }
    }

    private static String answer(String[] words) throws InterruptedException {
        long start = System.nanoTime();
        try {
            run(words);
            return "done " + (System.nanoTime() - start);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            return "failed " + e;
        }
    }

    private static void run(String[] words) throws IOException, InterruptedException {
        if (words[0].equals("ids")) {
            UUIDService ids = Services.get().get(UUIDService.class);
            for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                ids.generateId(UUIDService.ApplicationType.WORKFLOW);
            }
            return;
        }
        MemoryLocksService locks = Services.get().get(MemoryLocksService.class);
        for (int i = 0; i < Integer.parseInt(words[2]); i++) {
            String key = words[3].equals("one") ? words[1] + "-W" : words[1] + "-" + i + "-W";
            LockToken token = locks.getWriteLock(key, WAIT_MILLIS);
            if (token == null) {
                throw new IOException("no lock for " + key + " within " + WAIT_MILLIS + " ms");
            }
            token.release();
        }
    }
}
