package org.oozieha.it.mini;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.JobsConcurrencyService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.UUIDService;

/** What Oozie asks of each service, asked of ours inside Oozie's services. */
public final class EachServiceTest extends HaServicesTestCase {
    private static final String JOB = "0000001-260101000000000-oozie-test-W";

    public void test_a_write_lock_is_reentrant_and_can_be_taken_again_after_its_release() throws Exception {
        MemoryLocksService locks = boot(Collections.singletonList(LOCKS)).get(MemoryLocksService.class);
        LockToken first = locks.getWriteLock(JOB, 5_000);
        LockToken second = locks.getWriteLock(JOB, 5_000);
        assertNotNull(first);
        assertNotNull(second);
        second.release();
        first.release();
        LockToken again = locks.getWriteLock(JOB, 5_000);
        assertNotNull(again);
        again.release();
    }

    public void test_another_thread_gets_no_lock_while_it_is_held() throws Exception {
        MemoryLocksService locks = boot(Collections.singletonList(LOCKS)).get(MemoryLocksService.class);
        LockToken held = locks.getWriteLock(JOB, 5_000);
        assertNotNull(held);
        boolean[] got = {true};
        Thread other = new Thread(() -> {
            try {
                got[0] = locks.getWriteLock(JOB, 100) != null;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        other.start();
        other.join(10_000);
        assertFalse(other.isAlive());
        assertFalse(got[0]);
        held.release();
    }

    public void test_ids_keep_oozies_format_and_differ() throws Exception {
        UUIDService ids = boot(Collections.singletonList(IDS)).get(UUIDService.class);
        Set<String> issued = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String id = ids.generateId(UUIDService.ApplicationType.WORKFLOW);
            assertTrue(id, id.matches("\\d{7}-\\d{15}-.+-W"));
            issued.add(id);
        }
        assertEquals(500, issued.size());
    }

    public void test_the_only_server_owns_every_job_and_leads() throws Exception {
        JobsConcurrencyService concurrency =
                boot(Collections.singletonList(CONCURRENCY)).get(JobsConcurrencyService.class);
        eventually("owns the job", true, () -> concurrency.isJobIdForThisServer(JOB));
        eventually("leads", true, concurrency::isLeader);
        eventually("servers", 1, () -> concurrency.getServerUrls().size());
        assertEquals(Arrays.asList(JOB), concurrency.getJobIdsForThisServer(Arrays.asList(JOB)));
    }

    public void test_stock_and_pack_do_not_mix_in_one_server() throws Exception {
        try {
            boot(Arrays.asList(LOCKS, "org.apache.oozie.service.ZKUUIDService"));
            fail("a server with services of both kinds must not start");
        } catch (ServiceException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("ZKUUIDService"));
        }
        assertNothingIsLeft();
    }

    public void test_an_init_that_fails_leaves_nothing_behind() throws Exception {
        try {
            boot(ALL, "oozie.ha.session.timeout.ms", "soon");
            fail("a wrong value must stop the server");
        } catch (ServiceException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("oozie.ha.session.timeout.ms"));
        }
        assertNothingIsLeft();
    }

    public void test_a_login_without_a_keytab_is_refused_and_leaves_nothing_behind() throws Exception {
        try {
            boot(ALL, "oozie.zookeeper.secure", "true");
            fail("what cannot be protected must not start");
        } catch (ServiceException refused) {
            assertTrue(
                    refused.getMessage(),
                    refused.getMessage().contains("oozie.service.HadoopAccessorService.keytab.file"));
        }
        assertNothingIsLeft();
    }

    public void test_services_can_be_started_again_in_one_jvm() throws Exception {
        for (int i = 0; i < 3; i++) {
            Services services = boot(ALL);
            services.destroy();
        }
        assertNothingIsLeft();
    }
}
