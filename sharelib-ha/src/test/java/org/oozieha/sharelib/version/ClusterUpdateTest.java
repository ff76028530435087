package org.oozieha.sharelib.version;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Test;

public final class ClusterUpdateTest {
    private static final long PATIENT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ShareLibServers servers = new ShareLibServers();
    private ShareLibServer a;
    private ShareLibServer b;
    private ShareLibVersion version;

    @Before
    public void one_of_two_servers_has_published_a_version() throws Exception {
        servers.files.upload(1);
        a = servers.start("a");
        b = servers.start("b");
        servers.files.upload(2);
        version = a.convergence.publishNewest();
    }

    @Test
    public void it_waits_for_the_servers_that_have_not_loaded_the_version() throws Exception {
        CompletableFuture<UpdateTable> answer = await();
        assertFalse(a.update.table(version, servers.byId.keySet()).isSettled());
        assertFalse(answer.isDone());
        servers.settle();
        assertEquals("lib_0002", b.serves());
        UpdateTable table = answer.get(10, TimeUnit.SECONDS);
        assertEquals("{a=loaded, b=loaded}", table.lines().toString());
        assertTrue(table.isComplete());
    }

    @Test
    public void at_the_given_time_it_names_the_servers_that_have_not_answered() throws Exception {
        long now = servers.ensemble.clock().nanos();
        UpdateTable table = a.update.await(version, servers.byId.keySet(), now);
        assertEquals(
                "failed: has not answered; will load as soon as it can",
                table.lines().get("b"));
        assertFalse(table.isComplete());
    }

    @Test
    public void a_server_that_dies_meanwhile_is_not_waited_for() throws Exception {
        CompletableFuture<UpdateTable> answer = await();
        b.die();
        assertFalse(answer.isDone());
        servers.advance(12_000);
        UpdateTable table = answer.get(10, TimeUnit.SECONDS);
        assertEquals("{a=loaded, b=will load when it returns}", table.lines().toString());
        assertTrue(table.isComplete());
    }

    private CompletableFuture<UpdateTable> await() {
        long end = servers.ensemble.clock().nanos() + PATIENT_NANOS;
        return CompletableFuture.supplyAsync(() -> {
            try {
                return a.update.await(version, servers.byId.keySet(), end);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
