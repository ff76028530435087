package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.cluster.LockQueue.Mode.READ;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.testing.Eventually;

public final class ForkedActionLockTest {
    private static final String WF = "0000001-261120110000000-oozie-W";
    private static final String ACTION = WF + "@fork-a";

    @Rule
    public final MemoryLockServers servers = new MemoryLockServers();

    private LockTable one;
    private Caller signal;
    private Caller forked;

    @Before
    public void one_server() {
        one = servers.server("one", LockServers.NEVER_ENDS_MS);
        signal = servers.caller(one, "signal");
        forked = servers.caller(one, "forked");
    }

    @Test
    public void an_action_is_refused_at_once_while_its_workflow_is_not_locked_here() {
        assertFalse(forked.locks(ACTION, WRITE, -1).isPresent());
        LockTable two = servers.server("two", 0);
        servers.caller(two, "signal elsewhere").writes(WF);
        assertFalse(forked.locks(ACTION, WRITE, -1).isPresent());
        assertEquals(0, one.size());
    }

    @Test
    public void a_lingering_or_reading_workflow_is_not_enough() {
        signal.releases(signal.writes(WF));
        assertFalse(forked.locks(ACTION, WRITE, -1).isPresent());
        signal.locks(WF, READ, 5_000).get();
        assertFalse(forked.locks(ACTION, WRITE, -1).isPresent());
    }

    @Test
    public void an_action_is_locked_on_other_threads_while_its_workflow_is_held() {
        LockToken workflow = signal.writes(WF);
        LockToken action = forked.writes(ACTION);
        assertTrue(action.stands());
        assertFalse(servers.caller(one, "second start").locks(ACTION, WRITE, 0).isPresent());
        assertTrue(servers.caller(one, "other branch").writes(WF + "@fork-b").stands());
        forked.releases(action);
        assertTrue(workflow.stands());
    }

    @Test
    public void an_action_dies_with_the_token_it_was_bound_to() {
        LockToken workflow = signal.writes(WF);
        LockToken action = forked.writes(ACTION);
        signal.releases(workflow);
        assertFalse(action.stands());
        assertTrue(action.isDead());
        LockToken again = signal.writes(WF);
        assertFalse("a later token of the workflow does not revive it", action.stands());
        assertFalse(forked.locks("other", WRITE, -1).isPresent());
        forked.releases(action);
        assertTrue(again.stands());
        assertTrue(forked.writes(ACTION).stands());
    }

    @Test
    public void an_action_dies_when_its_workflow_is_vetoed_or_lost() {
        signal.writes(WF);
        LockToken action = forked.writes(ACTION);
        one.killAll(signal.thread());
        assertFalse(action.stands());
        assertFalse(servers.caller(one, "late").locks(WF + "@fork-b", WRITE, -1).isPresent());

        Caller next = servers.caller(one, "next signal");
        next.writes("0000002-261120110000000-oozie-W");
        LockToken other = servers.caller(one, "next").writes("0000002-261120110000000-oozie-W@a");
        servers.ensemble().expire("one");
        Eventually.until("it is dead", other::isDead);
    }

    @Test
    public void a_nested_release_of_the_workflow_leaves_the_action_standing() {
        signal.writes(WF);
        LockToken nested = signal.writes(WF);
        LockToken action = forked.writes(ACTION);
        signal.releases(nested);
        assertTrue(action.stands());
    }

    @Test
    public void a_wait_for_an_action_ends_with_the_workflows_token() {
        LockToken workflow = signal.writes(WF);
        forked.writes(ACTION);
        Caller waiter = servers.caller(one, "waiter");
        Future<Optional<LockToken>> asked = waiter.asks(ACTION, WRITE, -1);
        Eventually.until("it waits", () -> one.waiting() == 1);
        signal.releases(workflow);
        assertFalse(Caller.result(asked).isPresent());
    }

    @Test
    public void actions_of_coordinators_are_locked_by_themselves() {
        assertTrue(forked.writes("0000001-261120110000000-oozie-C@1").stands());
    }
}
