package org.oozieha.it.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.UUIDService;
import org.apache.oozie.sla.service.SLAService;

/**
 * Drives the lock and id services of a server's class path on request, one line each way over a connection to the port
 * given as its argument: {@code lock <key> <count> one|many}, {@code ids <count>}, {@code write <key> <count>},
 * {@code compare <key> <count> update|action|step}, {@code slas <count>}, {@code followed}, {@code memory}, {@code end}; answers {@code done <ns>} or
 * {@code failed <why>}, {@code followed} and {@code memory} with a number and bytes for the time. {@code compare} answers
 * with two times: with the database service that is installed, and with stock's in the same JVM, which take turns.
 * {@code many} locks {@code <key>-<n>-W}, another key each time.
 */
public final class ServiceDriver {
    private static final long WAIT_MILLIS = 10_000;
    private static final long UNMEASURED = -1;

    private static TwoDatabases databases;

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
            if (words[0].equals("compare")) {
                return "done "
                        + compare(
                                words[1] + "-W",
                                Integer.parseInt(words[2]),
                                WritingTransaction.valueOf(words[3].toUpperCase(Locale.ROOT)));
            }
            long measured = run(words);
            return "done " + (measured == UNMEASURED ? System.nanoTime() - start : measured);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            return "failed " + e;
        }
    }

    /** The time the command measured itself, nanoseconds; {@link #UNMEASURED} if it measured none. */
    private static long run(String[] words) throws IOException, InterruptedException {
        if (words[0].equals("write")) {
            return write(words[1] + "-W", Integer.parseInt(words[2]));
        }
        if (words[0].equals("slas")) {
            return checkSlas(Integer.parseInt(words[1]));
        }
        if (words[0].equals("followed")) {
            return Services.get().get(SLAService.class).getSLACalculator().size();
        }
        if (words[0].equals("memory")) {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
        if (words[0].equals("ids")) {
            UUIDService ids = Services.get().get(UUIDService.class);
            for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                ids.generateId(UUIDService.ApplicationType.WORKFLOW);
            }
            return UNMEASURED;
        }
        for (int i = 0; i < Integer.parseInt(words[2]); i++) {
            String key = words[3].equals("one") ? words[1] + "-W" : words[1] + "-" + i + "-W";
            lock(key).release();
        }
        return UNMEASURED;
    }

    /** That many checks of all SLAs. Their median time. */
    private static long checkSlas(int count) {
        SLAService slas = Services.get().get(SLAService.class);
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            slas.runSLAWorker();
            times[i] = System.nanoTime() - start;
        }
        Arrays.sort(times);
        return times[count / 2];
    }

    /**
     * The median times of that many transactions with each database service, under one lock; the job's row is made first. They take turns
     * in changing order: what makes the machine slower for a while, or one JVM faster than another, counts for both.
     */
    private static String compare(String job, int count, WritingTransaction transaction)
            throws IOException, InterruptedException {
        if (databases == null) {
            databases = TwoDatabases.start();
        }
        LockToken token = lock(job);
        try {
            WritingTransaction.makeRow(job);
            long[] installed = new long[count];
            long[] stock = new long[count];
            for (int i = 0; i < count; i++) {
                boolean stockFirst = i % 2 == 1;
                (stockFirst ? stock : installed)[i] = time(stockFirst, job, 2 * i + 1, transaction);
                (stockFirst ? installed : stock)[i] = time(!stockFirst, job, 2 * i + 2, transaction);
            }
            Arrays.sort(installed);
            Arrays.sort(stock);
            return installed[count / 2] + " " + stock[count / 2];
        } catch (JPAExecutorException e) {
            throw new IOException(e);
        } finally {
            databases.use(false);
            token.release();
        }
    }

    /** The time of that many updates of the job's row, which is made first, under one lock. */
    private static long write(String job, int count) throws IOException, InterruptedException {
        LockToken token = lock(job);
        try {
            WritingTransaction.makeRow(job);
            long start = System.nanoTime();
            for (int i = 1; i <= count; i++) {
                WritingTransaction.UPDATE.write(job, i);
            }
            return System.nanoTime() - start;
        } catch (JPAExecutorException e) {
            throw new IOException(e);
        } finally {
            token.release();
        }
    }

    private static LockToken lock(String job) throws IOException, InterruptedException {
        LockToken token = Services.get().get(MemoryLocksService.class).getWriteLock(job, WAIT_MILLIS);
        if (token == null) {
            throw new IOException("no lock for " + job + " within " + WAIT_MILLIS + " ms");
        }
        return token;
    }

    private static long time(boolean stock, String job, int number, WritingTransaction transaction)
            throws JPAExecutorException {
        databases.use(stock);
        long start = System.nanoTime();
        transaction.write(job, number);
        return System.nanoTime() - start;
    }
}
