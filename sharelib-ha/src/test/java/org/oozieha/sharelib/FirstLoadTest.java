package org.oozieha.sharelib;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.sharelib.version.Content;
import org.oozieha.sharelib.version.ContentSource;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.Listing;
import org.oozieha.sharelib.version.ShareLibNodes;

public final class FirstLoadTest {
    private static final long TIMEOUT_MS = 30_000;

    private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    private final MemoryCluster cluster = ensemble.join("a");
    private final FileSystemWorker worker = new FileSystemWorker("first-load-test");
    private final Upload upload = new Upload();
    private final Convergence<Content> convergence =
            new Convergence<>(cluster, new ShareLibNodes(cluster), upload, worker, System::currentTimeMillis);
    private final FirstLoad first = new FirstLoad(convergence, null, worker);

    @After
    public void stop() {
        convergence.stop();
        worker.close();
        ensemble.close();
    }

    @Test
    public void a_server_that_has_loaded_misses_nothing() throws Exception {
        assertEquals("", first.problem(true, TIMEOUT_MS));
    }

    @Test
    public void what_zookeeper_did_not_say_is_missing() throws Exception {
        ensemble.cut("a");
        String problem = first.problem(false, TIMEOUT_MS);
        assertTrue(problem, problem.contains("ZooKeeper"));
    }

    @Test
    public void a_server_that_needs_a_sharelib_waits_for_one_that_was_uploaded_just_now() throws Exception {
        upload.refusals = 2;
        assertEquals("", first.problem(true, TIMEOUT_MS));
        assertTrue(convergence.loaded().isPresent());
    }

    @Test
    public void a_server_that_can_do_without_does_not_wait() throws Exception {
        upload.refusals = Integer.MAX_VALUE;
        String problem = first.problem(false, TIMEOUT_MS);
        assertTrue(problem, problem.contains("changed a moment ago"));
    }

    private static final class Upload implements ContentSource<Content> {
        private volatile int refusals;

        @Override
        public Content newest(Set<String> excluded, boolean asked) throws IOException {
            if (refusals > 0) {
                refusals--;
                throw new IOException("lib_1 was changed a moment ago");
            }
            return () -> new Listing(Listing.Kind.DIRECTORY, "lib_1", 1, "digest", 1, Collections.singleton("lib_1"));
        }

        @Override
        public Content load(Listing published) {
            return () -> published;
        }

        @Override
        public Content loadComplete(Listing published) {
            return load(published);
        }

        @Override
        public boolean arePresent(Set<String> directories) {
            return true;
        }
    }
}
