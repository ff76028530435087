package org.oozieha.fence;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.persistence.EntityManager;
import org.apache.openjpa.conf.Compatibility;
import org.apache.openjpa.conf.OpenJPAConfiguration;
import org.apache.openjpa.kernel.Broker;
import org.apache.openjpa.kernel.BrokerFactory;
import org.apache.openjpa.persistence.EntityManagerFactoryImpl;
import org.apache.openjpa.persistence.EntityManagerImpl;
import org.apache.openjpa.persistence.OpenJPAEntityManager;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;

public final class FencedEntitiesTest {
    private final List<String> calls = new ArrayList<>();
    private boolean storeActive;
    private boolean dirty;
    private boolean rollbackOnly;
    private RuntimeException refusal;

    private final Broker broker = fake(Broker.class, (proxy, method, arguments) -> {
        switch (method.getName()) {
            case "isActive":
                return true;
            case "isCloseInvoked":
            case "isManaged":
                return false;
            case "getRollbackOnly":
                return rollbackOnly;
            case "isStoreActive":
                return storeActive;
            case "getDirtyObjects":
                return dirty ? Collections.singleton("bean") : Collections.emptySet();
            case "commit":
            case "commitAndResume":
            case "rollback":
                calls.add(method.getName());
                return null;
            default:
                return null;
        }
    });

    private final EntityManager fenced = FencedEntities.inPlaceOf(
            new EntityManagerImpl(new EntityManagerFactoryImpl(factory()), broker), new CommitGate() {
                @Override
                public Opening open() {
                    return new Opening(Incarnation.of("a", 1), true, 0);
                }

                @Override
                public void pass(Opening opening, OpenJPAEntityManager entities) {
                    calls.add("asked");
                    assertSame(fenced, entities);
                    if (refusal != null) {
                        throw refusal;
                    }
                }
            });

    private static BrokerFactory factory() {
        OpenJPAConfiguration configuration = fake(
                OpenJPAConfiguration.class,
                (proxy, method, arguments) ->
                        method.getName().equals("getCompatibilityInstance") ? new Compatibility() : null);
        return fake(
                BrokerFactory.class,
                (proxy, method, arguments) -> method.getName().equals("getConfiguration") ? configuration : null);
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void commits() {
        ((OpenJPAEntityManager) fenced).commit();
    }

    @Test
    public void who_only_read_is_not_asked() {
        commits();
        assertEquals(Collections.singletonList("commit"), calls);
    }

    @Test
    public void dirty_objects_are_asked_for_before_the_commit() {
        dirty = true;
        commits();
        assertEquals(Arrays.asList("asked", "commit"), calls);
    }

    @Test
    public void so_are_statements_that_have_begun_the_stores_transaction() {
        storeActive = true;
        commits();
        assertEquals(Arrays.asList("asked", "commit"), calls);
    }

    @Test
    public void what_cannot_be_committed_any_more_is_not_asked_for() {
        dirty = true;
        rollbackOnly = true;
        commits();
        assertEquals(Collections.singletonList("commit"), calls);
    }

    @Test
    public void a_refused_commit_is_rolled_back_and_thrown_as_it_is() {
        dirty = true;
        refusal = new VetoException("no");
        try {
            commits();
            fail("committed");
        } catch (VetoException thrown) {
            assertSame(refusal, thrown);
        }
        assertEquals(Arrays.asList("asked", "rollback"), calls);
    }

    @Test
    public void a_commit_that_goes_on_with_a_new_transaction_is_asked_for_too() {
        dirty = true;
        ((OpenJPAEntityManager) fenced).commitAndResume();
        assertEquals(Arrays.asList("asked", "commitAndResume"), calls);
    }

    @Test
    public void the_transaction_oozie_gets_is_the_fenced_one() {
        dirty = true;
        fenced.getTransaction().commit();
        assertEquals(Arrays.asList("asked", "commit"), calls);
    }

    @Test
    public void what_is_not_openjpas_is_refused_and_the_message_says_what_to_do() {
        try {
            FencedEntities.inPlaceOf(fake(EntityManager.class, (proxy, method, arguments) -> null), null);
            fail("taken");
        } catch (IllegalArgumentException refused) {
            assertTrue(
                    refused.getMessage(),
                    refused.getMessage().contains("$Proxy")
                            && refused.getMessage().contains("oozie.ha.fencing=off"));
        }
    }
}
