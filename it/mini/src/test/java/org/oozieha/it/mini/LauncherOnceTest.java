package org.oozieha.it.mini;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.ApplicationClientProtocol;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationReportRequest;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationReportResponse;
import org.apache.hadoop.yarn.api.protocolrecords.SubmitApplicationRequest;
import org.apache.hadoop.yarn.api.protocolrecords.SubmitApplicationResponse;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.util.Records;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.HadoopAccessorService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;

/** An action's launcher is submitted to YARN once, by the server that has the job's lock; the resource manager is the test. */
public final class LauncherOnceTest extends HaServicesTestCase {
    private static final String JOB = "0000001-260101000000000-oozie-test-W";
    private static final ApplicationId FIRST = ApplicationId.newInstance(1_000, 1);
    private static final ApplicationId SECOND = ApplicationId.newInstance(1_000, 2);

    private final List<ApplicationId> submitted = new ArrayList<>();
    private final List<String> namedAtSubmission = new ArrayList<>();
    private YarnApplicationState stateOfAll = YarnApplicationState.ACCEPTED;
    private boolean refusing;
    private Path claim;
    private LockToken lock;
    private YarnClientImpl client;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        Services services = boot(
                Arrays.asList(LOCKS, DATABASE, "org.oozieha.service.HAHadoopAccessorService"),
                "oozie.service.HadoopAccessorService.supported.filesystems",
                "*");
        File dir = new File(getTestCaseDir(), "action");
        assertTrue(dir.mkdirs());
        claim = dir.toPath().resolve(JOB + "@shell@0");
        HadoopAccessorService hadoop = services.get(HadoopAccessorService.class);
        Configuration conf = hadoop.createConfiguration("127.0.0.1:8032");
        conf.set("yarn.resourcemanager.address", "127.0.0.1:8032");
        conf.set("oozie.action.dir.path", dir.toURI().toString());
        conf.set("oozie.action.recovery.id", claim.getFileName().toString());
        lock = services.get(MemoryLocksService.class).getWriteLock(JOB, 10_000);
        assertNotNull(lock);
        client = (YarnClientImpl) hadoop.createYarnClient(getTestUser(), conf);
        client.setRMClient(resourceManager());
    }

    @Override
    protected void tearDown() throws Exception {
        client.setRMClient(null);
        client.stop();
        lock.release();
        super.tearDown();
    }

    public void test_an_application_is_named_before_it_is_submitted() throws Exception {
        submit(FIRST);
        assertEquals(Collections.singletonList(FIRST), submitted);
        assertEquals(Collections.singletonList(FIRST.toString()), namedAtSubmission);
        assertEquals(FIRST.toString(), named());
    }

    public void test_nothing_is_submitted_while_another_application_waits_in_the_queue() throws Exception {
        name(FIRST);
        try {
            submit(SECOND);
            fail("submitted");
        } catch (IOException retried) {
            assertTrue(retried.getMessage(), retried.getMessage().contains(FIRST.toString()));
        }
        assertEquals(Collections.emptyList(), submitted);
        assertEquals(FIRST.toString(), named());
    }

    public void test_the_name_of_an_application_that_has_ended_is_replaced() throws Exception {
        name(FIRST);
        stateOfAll = YarnApplicationState.FAILED;
        submit(SECOND);
        assertEquals(Collections.singletonList(SECOND), submitted);
        assertEquals(SECOND.toString(), named());
    }

    public void test_a_torn_name_is_none() throws Exception {
        Files.write(claim, new byte[0]);
        submit(FIRST);
        assertEquals(FIRST.toString(), named());
    }

    public void test_garbage_is_refused_and_kept() throws Exception {
        Files.write(claim, "somebody".getBytes(StandardCharsets.UTF_8));
        try {
            submit(FIRST);
            fail("submitted");
        } catch (IOException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("somebody"));
        }
        assertEquals("somebody", named());
    }

    public void test_a_thread_whose_lock_is_gone_submits_nothing_and_names_nothing() throws Exception {
        endIncarnation();
        try {
            submit(FIRST);
            fail("submitted");
        } catch (RuntimeException vetoed) {
            assertTrue(vetoed.getMessage(), vetoed.getMessage().contains("may not commit"));
        }
        assertEquals(Collections.emptyList(), submitted);
        assertFalse(Files.exists(claim));
    }

    public void test_what_yarn_refuses_is_named_no_more() throws Exception {
        refusing = true;
        try {
            submit(FIRST);
            fail("submitted");
        } catch (YarnException refused) {
            assertEquals("no such queue", refused.getMessage());
        }
        assertFalse(Files.exists(claim));
    }

    public void test_what_only_looks_at_applications_is_stocks_client() throws Exception {
        HadoopAccessorService hadoop = Services.get().get(HadoopAccessorService.class);
        YarnClient looking = hadoop.createYarnClient(getTestUser(), hadoop.createConfiguration("127.0.0.1:8032"));
        assertEquals(YarnClientImpl.class, looking.getClass());
        looking.stop();
    }

    private void submit(ApplicationId id) throws Exception {
        ApplicationSubmissionContext context = Records.newRecord(ApplicationSubmissionContext.class);
        context.setApplicationId(id);
        client.submitApplication(context);
    }

    private void name(ApplicationId id) throws IOException {
        Files.write(claim, id.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String named() throws IOException {
        return new String(Files.readAllBytes(claim), StandardCharsets.UTF_8);
    }

    private ApplicationClientProtocol resourceManager() {
        return (ApplicationClientProtocol) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ApplicationClientProtocol.class},
                (proxy, method, arguments) -> answer(method, arguments));
    }

    private Object answer(Method method, Object[] arguments) throws Exception {
        if (method.getName().equals("submitApplication")) {
            if (refusing) {
                throw new YarnException("no such queue");
            }
            submitted.add(((SubmitApplicationRequest) arguments[0])
                    .getApplicationSubmissionContext()
                    .getApplicationId());
            namedAtSubmission.add(named());
            return Records.newRecord(SubmitApplicationResponse.class);
        }
        if (method.getName().equals("getApplicationReport")) {
            ApplicationReport report = Records.newRecord(ApplicationReport.class);
            report.setApplicationId(((GetApplicationReportRequest) arguments[0]).getApplicationId());
            report.setYarnApplicationState(stateOfAll);
            return GetApplicationReportResponse.newInstance(report);
        }
        throw new UnsupportedOperationException(method.toString());
    }
}
