package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Optional;
import org.junit.Test;

public final class LockKeysTest {
    @Test
    public void job_and_action_keys_linger() {
        assertTrue(LockKeys.mayLinger("0000001-261120110000000-oozie-W"));
        assertTrue(LockKeys.mayLinger("0000001-261120110000000-oozie.prod-C@12"));
        assertTrue(LockKeys.mayLinger("0000001-261120110000000-oozie-B_daily.report"));
        assertTrue(LockKeys.mayLinger("purge_command"));
    }

    @Test
    public void class_names_and_sla_keys_do_not_linger() {
        assertFalse(LockKeys.mayLinger("org.apache.oozie.service.StatusTransitService"));
        assertFalse(LockKeys.mayLinger("org.apache.oozie.service.PauseTransitService$Runnable"));
        assertFalse(LockKeys.mayLinger("sla_0000001-261120110000000-oozie-W"));
    }

    @Test
    public void only_an_action_of_a_workflow_has_a_parent() {
        assertEquals(Optional.of("1-oozie-W"), LockKeys.parentOf("1-oozie-W@a@b"));
        assertEquals(Optional.empty(), LockKeys.parentOf("1-oozie-W"));
        assertEquals(Optional.empty(), LockKeys.parentOf("1-oozie-C@1"));
        assertEquals(Optional.empty(), LockKeys.parentOf("@a"));
        assertEquals("nobody holds the workflow then", Optional.empty(), LockKeys.parentOf("sla_1-oozie-W@a"));
    }

    @Test
    public void a_line_about_a_job_names_it() {
        assertEquals("USER[-] GROUP[-] TOKEN[-] APP[-] JOB[1-oozie-W] ACTION[-] ", LockKeys.logPrefix("1-oozie-W"));
        assertEquals("USER[-] GROUP[-] TOKEN[-] APP[-] JOB[1-oozie-C] ACTION[-] ", LockKeys.logPrefix("1-oozie-C@1"));
        assertEquals(
                "USER[-] GROUP[-] TOKEN[-] APP[-] JOB[1-oozie-W] ACTION[-] ", LockKeys.logPrefix("sla_1-oozie-W@a"));
        assertEquals("", LockKeys.logPrefix("org.apache.oozie.service.StatusTransitService"));
    }
}
