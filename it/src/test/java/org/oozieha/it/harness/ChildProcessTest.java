package org.oozieha.it.harness;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class ChildProcessTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void a_paused_process_can_be_killed() {
        ChildProcess process = start("sleep 600");
        process.pause();
        assertTrue(process.isAlive());
        process.kill();
        assertFalse(process.isAlive());
    }

    @Test
    public void a_process_that_ignores_the_polite_signal_is_killed_after_the_bound() {
        ChildProcess process = start("trap '' TERM; echo ready; while :; do sleep 1; done");
        Waiting.until("it ignores", Duration.ofSeconds(10), () -> process.tail().contains("ready"));
        assertFalse(process.terminate(Duration.ofMillis(200)));
        assertFalse(process.isAlive());
    }

    @Test
    public void the_exit_code_and_the_output_are_kept() {
        ChildProcess process = start("echo so; exit 3");
        assertEquals(3, process.awaitExit(Duration.ofSeconds(10)));
        assertEquals("so", process.tail());
    }

    private ChildProcess start(String script) {
        return ChildProcess.start("child", folder.getRoot().toPath(), Arrays.asList("/bin/sh", "-c", script));
    }
}
