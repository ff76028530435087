package org.oozieha.it.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.apache.oozie.BinaryBlob;
import org.apache.oozie.WorkflowActionBean;
import org.apache.oozie.WorkflowJobBean;
import org.apache.oozie.client.WorkflowAction;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.client.rest.JsonBean;
import org.apache.oozie.executor.jpa.BatchQueryExecutor;
import org.apache.oozie.executor.jpa.BatchQueryExecutor.UpdateEntry;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.executor.jpa.WorkflowActionQueryExecutor.WorkflowActionQuery;
import org.apache.oozie.executor.jpa.WorkflowJobQueryExecutor.WorkflowJobQuery;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.JPAService;
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
    private static final byte[] INSTANCE = new byte[4096];
    private static final AtomicLong STEPS = new AtomicLong();

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
                return "done " + compare(words[1] + "-W", Integer.parseInt(words[2]), writer(words[3]));
            }
            long measured = run(words);
            return "done " + (measured == UNMEASURED ? System.nanoTime() - start : measured);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            return "failed " + e;
        }
    }

    private static Writer writer(String transaction) {
        switch (transaction) {
            case "update":
                return ServiceDriver::update;
            case "action":
                return ServiceDriver::action;
            case "step":
                return ServiceDriver::step;
            default:
                throw new IllegalArgumentException("no such transaction: " + transaction);
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
    private static String compare(String job, int count, Writer writer) throws IOException, InterruptedException {
        if (databases == null) {
            databases = TwoDatabases.start();
        }
        LockToken token = lock(job);
        try {
            makeRow(job);
            long[] installed = new long[count];
            long[] stock = new long[count];
            for (int i = 0; i < count; i++) {
                boolean stockFirst = i % 2 == 1;
                (stockFirst ? stock : installed)[i] = time(stockFirst, job, 2 * i + 1, writer);
                (stockFirst ? installed : stock)[i] = time(!stockFirst, job, 2 * i + 2, writer);
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
            makeRow(job);
            long start = System.nanoTime();
            for (int i = 1; i <= count; i++) {
                update(job, i);
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

    private static void makeRow(String job) throws JPAExecutorException {
        if (update(job, 0) == 0) {
            JPAService database = Services.get().get(JPAService.class);
            EntityManager entities = database.getEntityManager();
            Query insert = entities.createNativeQuery("insert into WF_JOBS (id, status) values (?, 'PREP')");
            database.executeUpdate("insert", insert.setParameter(1, job), entities);
        }
    }

    private static long time(boolean stock, String job, int number, Writer writer) throws JPAExecutorException {
        databases.use(stock);
        long start = System.nanoTime();
        writer.write(job, number);
        return System.nanoTime() - start;
    }

    /**
     * What Oozie writes when a workflow goes on to its next action, in one transaction: the job with its instance, the action that ended,
     * the new action.
     */
    private static int step(String job, int number) throws JPAExecutorException {
        WorkflowActionBean ended = action(job, STEPS.get());
        WorkflowActionBean next = action(job, STEPS.incrementAndGet());
        write(Collections.singletonList(next), running(job), WorkflowActionQuery.UPDATE_ACTION_PENDING, ended);
        return number;
    }

    /** What Oozie writes when an action has ended, in one transaction: the job with its instance and the action. */
    private static int action(String job, int number) throws JPAExecutorException {
        WorkflowActionBean ended = action(job, STEPS.get());
        ended.setStatus(number % 2 == 0 ? WorkflowAction.Status.OK : WorkflowAction.Status.DONE);
        ended.setEndTime(new Date());
        ended.setExternalStatus("OK");
        write(null, running(job), WorkflowActionQuery.UPDATE_ACTION_END, ended);
        return number;
    }

    private static WorkflowJobBean running(String job) {
        WorkflowJobBean workflow = new WorkflowJobBean();
        workflow.setId(job);
        workflow.setStatus(WorkflowJob.Status.RUNNING);
        workflow.setLastModifiedTime(new Date());
        workflow.setWfInstanceBlob(new BinaryBlob(INSTANCE, true));
        return workflow;
    }

    @SuppressWarnings("rawtypes") // Oozie's own signature
    private static void write(
            Collection<JsonBean> inserts,
            WorkflowJobBean workflow,
            WorkflowActionQuery query,
            WorkflowActionBean action)
            throws JPAExecutorException {
        List<UpdateEntry> updates = Arrays.asList(
                new UpdateEntry<>(WorkflowJobQuery.UPDATE_WORKFLOW_STATUS_INSTANCE_MODIFIED, workflow),
                new UpdateEntry<>(query, action));
        BatchQueryExecutor.getInstance().executeBatchInsertUpdateDelete(inserts, updates, null);
    }

    private static WorkflowActionBean action(String job, long number) {
        WorkflowActionBean action = new WorkflowActionBean();
        action.setId(job + "@" + number);
        action.setJobId(job);
        action.setName("step");
        action.setType("fs");
        action.setStatus(WorkflowAction.Status.PREP);
        action.setPending();
        action.setPendingAge(new Date());
        return action;
    }

    /** One transaction. */
    @FunctionalInterface
    private interface Writer {
        int write(String job, int number) throws JPAExecutorException;
    }

    private static int update(String job, int number) throws JPAExecutorException {
        JPAService database = Services.get().get(JPAService.class);
        EntityManager entities = database.getEntityManager();
        Query update = entities.createNamedQuery("UPDATE_WORKFLOW_STATUS_MODTIME")
                .setParameter("status", "RUNNING")
                .setParameter("lastModTime", new Timestamp(number * 1_000L))
                .setParameter("id", job);
        return database.executeUpdate("update", update, entities);
    }
}
