package org.oozieha.fence;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.persistence.EntityManager;
import org.apache.openjpa.persistence.OpenJPAEntityManager;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;

public final class FencedEntitiesTest {
    private final List<String> calls = new ArrayList<>();
    private boolean storeActive;
    private boolean dirty;
    private boolean rollbackOnly;
    private RuntimeException refusal;

    private final OpenJPAEntityManager target = (OpenJPAEntityManager) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {OpenJPAEntityManager.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "getTransaction":
                        return null;
                    case "isActive":
                        return true;
                    case "getRollbackOnly":
                        return rollbackOnly;
                    case "isStoreActive":
                        return storeActive;
                    case "getDirtyObjects":
                        return dirty ? Collections.singleton("bean") : Collections.emptySet();
                    case "remove":
                        throw new IllegalArgumentException("not managed");
                    default:
                        calls.add(method.getName());
                        return null;
                }
            });

    private final EntityManager fenced = FencedEntities.wrap(target, new CommitGate() {
        @Override
        public Opening open() {
            return new Opening(Incarnation.of("a", 1), true, 0);
        }

        @Override
        public void pass(Opening opening, OpenJPAEntityManager entities) {
            calls.add("asked");
            assertSame(target, entities);
            if (refusal != null) {
                throw refusal;
            }
        }
    });

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
    public void what_cannot_be_committed_any_more_is_not_asked_for() {
        dirty = true;
        rollbackOnly = true;
        commits();
        assertEquals(Collections.singletonList("commit"), calls);
    }

    @Test
    public void so_are_statements_that_have_begun_the_stores_transaction() {
        storeActive = true;
        commits();
        assertEquals(Arrays.asList("asked", "commit"), calls);
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
    public void what_the_entity_manager_throws_comes_through_as_it_is() {
        try {
            fenced.remove("bean");
            fail("removed");
        } catch (IllegalArgumentException thrown) {
            assertEquals("not managed", thrown.getMessage());
        }
    }

    @Test
    public void it_is_still_openjpas() {
        assertTrue(fenced instanceof OpenJPAEntityManager);
        assertEquals(fenced, fenced);
    }
}
