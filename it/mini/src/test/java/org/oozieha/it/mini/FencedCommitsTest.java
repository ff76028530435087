package org.oozieha.it.mini;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.persistence.EntityManager;
import javax.persistence.OptimisticLockException;
import org.apache.oozie.WorkflowJobBean;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.client.rest.JsonBean;
import org.apache.oozie.command.wf.KillXCommand;
import org.apache.oozie.executor.jpa.BatchQueryExecutor;
import org.apache.oozie.executor.jpa.BatchQueryExecutor.UpdateEntry;
import org.apache.oozie.executor.jpa.JPAExecutor;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.executor.jpa.WorkflowJobQueryExecutor;
import org.apache.oozie.executor.jpa.WorkflowJobQueryExecutor.WorkflowJobQuery;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.oozieha.service.FencedJPAService;

/** What Oozie's own executors do when this server may not commit: its locks or its session are gone. */
public final class FencedCommitsTest extends HaServicesTestCase {
    private static final long FENCE_WAIT_MS = 1_000;
    /** Stock's first two pauses before it tries again are together longer. */
    private static final long AT_ONCE_MS = 900;

    private final ExecutorService callers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "caller");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Set<String>> vetoes = new CopyOnWriteArrayList<>();
    private final AtomicInteger errors = new AtomicInteger();
    private static int jobs;
    private boolean frozen;

    @Override
    protected void tearDown() throws Exception {
        callers.shutdownNow();
        if (frozen) {
            thaw();
        }
        super.tearDown();
    }

    public void test_a_command_whose_lock_is_gone_writes_nothing_and_is_not_tried_again() throws Exception {
        bootFenced();
        String job = insertJob();
        LockToken token = lock(job);
        endIncarnation();

        long start = System.nanoTime();
        assertRefused(() -> updateStatus(job, WorkflowJob.Status.RUNNING));
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue("it was tried again: " + tookMs + " ms", tookMs < AT_ONCE_MS);
        assertEquals(Collections.singleton(job), vetoes.get(0));
        assertEquals(1, vetoes.size());
        // what stock's finally blocks do
        assertRefused(() -> updateStatus(job, WorkflowJob.Status.FAILED));
        assertRefused(() -> batch(job, WorkflowJob.Status.FAILED));
        assertRefused(() -> merge(job, WorkflowJob.Status.FAILED));
        assertNull("a thread with a dead token gets no lock", locks().getWriteLock("other-W", 0));
        assertEquals(WorkflowJob.Status.PREP, statusOf(job));

        token.release();
        eventually("the lease is valid again", true, () -> lease().isValid());
        LockToken again = lock(job);
        updateStatus(job, WorkflowJob.Status.RUNNING);
        again.release();
        assertEquals(WorkflowJob.Status.RUNNING, statusOf(job));
    }

    public void test_under_its_lock_a_command_commits_in_every_way_stock_has() throws Exception {
        bootFenced();
        String job = insertJob();
        LockToken token = lock(job);
        updateStatus(job, WorkflowJob.Status.RUNNING);
        assertEquals(WorkflowJob.Status.RUNNING, statusOf(job));
        batch(job, WorkflowJob.Status.SUSPENDED);
        assertEquals(WorkflowJob.Status.SUSPENDED, statusOf(job));
        merge(job, WorkflowJob.Status.KILLED);
        assertEquals(WorkflowJob.Status.KILLED, statusOf(job));
        token.release();
        assertEquals(0, vetoes.size());
    }

    public void test_in_an_outage_submissions_pass_and_commands_wait_and_are_refused() throws Exception {
        bootFenced();
        String job = insertJob();
        LockToken token = lock(job);
        freeze();
        eventually("the lease lapses", false, () -> lease().isValid());

        Future<String> submission = callers.submit(this::insertJob);
        assertEquals(WorkflowJob.Status.PREP, statusOf(submission.get(10, TimeUnit.SECONDS)));
        long start = System.nanoTime();
        assertRefused(() -> updateStatus(job, WorkflowJob.Status.RUNNING));
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue("waited " + tookMs + " ms", tookMs >= FENCE_WAIT_MS - 50);
        assertEquals(WorkflowJob.Status.PREP, statusOf(job));

        // stock's answer to a lock that was not obtained, within its time
        long asked = System.nanoTime();
        callers.submit(() -> new KillXCommand(job).call()).get(10, TimeUnit.SECONDS);
        long answeredMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
        assertTrue("answered after " + answeredMs + " ms", answeredMs < 2_500);
        assertEquals(WorkflowJob.Status.PREP, statusOf(job));
        token.release();
    }

    public void test_a_pause_that_the_session_survives_fails_nothing() throws Exception {
        bootFenced("oozie.ha.fence.wait.ms", "6000");
        String job = insertJob();
        LockToken token = lock(job);
        freeze();
        eventually("the lease lapses", false, () -> lease().isValid());
        callers.submit(() -> {
            eventually("the commit waits", true, () -> Thread.getAllStackTraces().values().stream()
                    .flatMap(Arrays::stream)
                    .anyMatch(frame -> frame.getClassName().equals("org.oozieha.fence.Fence")
                            && frame.getMethodName().equals("await")));
            thaw();
            return null;
        });
        updateStatus(job, WorkflowJob.Status.RUNNING);
        token.release();
        assertEquals(WorkflowJob.Status.RUNNING, statusOf(job));
        assertEquals(0, vetoes.size());
    }

    public void test_without_a_lock_nothing_is_committed_of_an_incarnation_that_has_ended() throws Exception {
        Services services = bootFenced();
        String job = insertJob();
        EntityManager entities = services.get(JPAService.class).getEntityManager();
        entities.getTransaction().begin();
        entities.find(WorkflowJobBean.class, job).setStatus(WorkflowJob.Status.RUNNING);
        EntityManager reader = services.get(JPAService.class).getEntityManager();
        reader.getTransaction().begin();
        assertEquals(
                WorkflowJob.Status.PREP, reader.find(WorkflowJobBean.class, job).getStatus());
        endIncarnation();
        try {
            entities.getTransaction().commit();
            fail("committed");
        } catch (OptimisticLockException refused) {
            assertFalse("rolled back", entities.getTransaction().isActive());
        }
        entities.close();
        // who only read is not asked
        reader.getTransaction().commit();
        reader.close();
        assertEquals(WorkflowJob.Status.PREP, statusOf(job));
    }

    public void test_mode_database_is_refused_where_its_row_locks_are_not_tested() throws Exception {
        try {
            boot(Arrays.asList(LOCKS, DATABASE), "oozie.ha.fencing", "database");
            fail("started");
        } catch (ServiceException refused) {
            String why = refused.getMessage();
            assertTrue(why, why.contains("oozie.ha.fencing") && why.contains("PostgreSQL") && why.contains("hsqldb"));
        }
        assertNothingIsLeft();
    }

    public void test_mode_off_is_stock() throws Exception {
        Services services = boot(Arrays.asList(LOCKS, DATABASE), "oozie.ha.fencing", "off");
        EntityManager entities = services.get(JPAService.class).getEntityManager();
        assertEquals(
                "org.apache.openjpa.persistence.EntityManagerImpl",
                entities.getClass().getName());
        entities.close();
    }

    private Services bootFenced(String... more) throws Exception {
        List<String> settings = new ArrayList<>(Arrays.asList(
                "oozie.ha.session.timeout.ms",
                "6000",
                "oozie.ha.fence.wait.ms",
                String.valueOf(FENCE_WAIT_MS),
                "oozie.command.default.lock.timeout",
                "1000"));
        settings.addAll(Arrays.asList(more));
        Services services = boot(Arrays.asList(LOCKS, DATABASE), settings.toArray(new String[0]));
        ((FencedJPAService) services.get(JPAService.class)).onVeto(vetoes::add);
        ((FencedJPAService) services.get(JPAService.class)).onError(errors::incrementAndGet);
        return services;
    }

    private void freeze() throws Exception {
        frozen = true;
        zookeeper().freeze();
    }

    private void thaw() throws Exception {
        zookeeper().thaw();
        frozen = false;
    }

    private static MemoryLocksService locks() {
        return Services.get().get(MemoryLocksService.class);
    }

    private static LockToken lock(String job) throws Exception {
        LockToken token = locks().getWriteLock(job, 10_000);
        assertNotNull(token);
        return token;
    }

    private interface Write {
        void run() throws Exception;
    }

    private void assertRefused(Write write) throws Exception {
        try {
            write.run();
            fail("committed");
        } catch (JPAExecutorException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("may not commit"));
            assertEquals("a veto is no error of the database", 0, errors.get());
        } catch (ExecutionException other) {
            throw new AssertionError(other);
        }
    }

    private String insertJob() throws Exception {
        String id;
        synchronized (FencedCommitsTest.class) {
            id = String.format("%07d-260101000000000-oozie-test-W", ++jobs);
        }
        WorkflowJobBean bean = new WorkflowJobBean();
        bean.setId(id);
        bean.setStatus(WorkflowJob.Status.PREP);
        bean.setCreatedTime(new Date());
        bean.setLastModifiedTime(new Date());
        bean.setUser("test");
        bean.setAppName("test");
        WorkflowJobQueryExecutor.getInstance().insert(bean);
        return id;
    }

    private static WorkflowJobBean changed(String job, WorkflowJob.Status status) throws Exception {
        WorkflowJobBean bean = WorkflowJobQueryExecutor.getInstance().get(WorkflowJobQuery.GET_WORKFLOW, job);
        bean.setStatus(status);
        bean.setLastModifiedTime(new Date());
        return bean;
    }

    private static void updateStatus(String job, WorkflowJob.Status status) throws Exception {
        WorkflowJobQueryExecutor.getInstance()
                .executeUpdate(WorkflowJobQuery.UPDATE_WORKFLOW_STATUS_MODTIME, changed(job, status));
    }

    private static void batch(String job, WorkflowJob.Status status) throws Exception {
        UpdateEntry<?> update =
                new UpdateEntry<>(WorkflowJobQuery.UPDATE_WORKFLOW_STATUS_MODTIME, changed(job, status));
        BatchQueryExecutor.getInstance()
                .executeBatchInsertUpdateDelete(
                        Collections.<JsonBean>emptyList(),
                        new ArrayList<>(Collections.singletonList(update)),
                        Collections.<JsonBean>emptyList());
    }

    private static void merge(String job, WorkflowJob.Status status) throws Exception {
        WorkflowJobBean bean = changed(job, status);
        Services.get().get(JPAService.class).execute(new JPAExecutor<Void>() {
            @Override
            public String getName() {
                return "merge";
            }

            @Override
            public Void execute(EntityManager entities) {
                entities.merge(bean);
                return null;
            }
        });
    }

    private static WorkflowJob.Status statusOf(String job) throws Exception {
        return WorkflowJobQueryExecutor.getInstance()
                .get(WorkflowJobQuery.GET_WORKFLOW, job)
                .getStatus();
    }
}
