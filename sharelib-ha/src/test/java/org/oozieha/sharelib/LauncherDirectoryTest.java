package org.oozieha.sharelib;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.junit.Test;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.sharelib.version.Content;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.ShareLibNodes;
import org.oozieha.sharelib.version.Worker;

public final class LauncherDirectoryTest {
    private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    private final MemoryCluster cluster = ensemble.join("a");
    private final ShareLibNodes nodes = new ShareLibNodes(cluster);
    private final List<Runnable> later = new ArrayList<>();
    private final Worker worker = (delayMs, task) -> later.add(task);
    private final LauncherDirectory launchers = new LauncherDirectory(
            cluster,
            nodes,
            new Convergence<Content>(cluster, nodes, null, worker, System::currentTimeMillis),
            new Path("/share/lib"),
            new LauncherJars(null, type -> null),
            () -> {
                throw new NoClassDefFoundError("its classes cannot be found");
            },
            worker);

    /** Actions ask for the jars while they cannot be uploaded: each of these attempts fails as well. */
    @Test
    public void failed_uploads_are_repeated_by_one_timer_however_many_there_were() {
        for (int i = 0; i < 3; i++) {
            assertFalse(launchers.upload());
        }
        assertTrue(launchers.failure(), launchers.failure().contains("its classes cannot be found"));
        assertEquals(1, later.size());
        later.remove(0).run();
        assertEquals(1, later.size());
    }
}
