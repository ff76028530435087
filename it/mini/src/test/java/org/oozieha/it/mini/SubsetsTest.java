package org.oozieha.it.mini;

import java.util.ArrayList;
import java.util.List;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.JobsConcurrencyService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.UUIDService;
import org.apache.oozie.service.XLogStreamingService;

/** Each service of the pack works with any others of it, the rest being the base services of stock Oozie. */
public final class SubsetsTest extends HaServicesTestCase {
    public void test_every_subset_boots_and_leaves_nothing_behind() throws Exception {
        for (int subset = 0; subset < 1 << ALL.size(); subset++) {
            List<String> classNames = new ArrayList<>();
            for (int i = 0; i < ALL.size(); i++) {
                if ((subset & 1 << i) != 0) {
                    classNames.add(ALL.get(i));
                }
            }
            Services services = boot(classNames);
            assertRegistered(services, MemoryLocksService.class, LOCKS, classNames);
            assertRegistered(services, UUIDService.class, IDS, classNames);
            assertRegistered(services, JobsConcurrencyService.class, CONCURRENCY, classNames);
            assertRegistered(services, XLogStreamingService.class, LOGS, classNames);
            assertRegistered(services, JPAService.class, DATABASE, classNames);
            services.destroy();
            assertNothingIsLeft();
        }
    }

    private static void assertRegistered(
            Services services, Class<? extends Service> base, String className, List<String> classNames) {
        String expected = classNames.contains(className) ? className : base.getName();
        assertEquals(
                "with " + classNames, expected, services.get(base).getClass().getName());
    }
}
