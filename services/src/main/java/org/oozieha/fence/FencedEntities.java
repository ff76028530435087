package org.oozieha.fence;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.persistence.EntityManager;
import javax.persistence.EntityTransaction;
import org.apache.openjpa.persistence.OpenJPAEntityManager;

/**
 * An EntityManager whose commits pass a {@link CommitGate}.
 *
 * <p>Guarantee: a transaction that wrote, by dirty objects or by a statement, commits only if the gate lets it pass; one that only read is
 * never asked. What the gate throws is thrown by {@code commit}, after the rollback. It has all public interfaces of the wrapped one;
 * queries are not wrapped, because Oozie casts them. As thread-safe as the wrapped one: not.
 */
public final class FencedEntities implements InvocationHandler {
    private static final ConcurrentMap<Class<?>, Constructor<?>> PROXIES = new ConcurrentHashMap<>();

    private final OpenJPAEntityManager entities;
    private final Object target;
    private final CommitGate gate;
    private final Opening opening;

    private FencedEntities(OpenJPAEntityManager entities, Object target, CommitGate gate, Opening opening) {
        this.entities = entities;
        this.target = target;
        this.gate = gate;
        this.opening = opening;
    }

    /** @throws IllegalArgumentException if it is not OpenJPA's: what it wrote cannot be asked */
    public static EntityManager wrap(EntityManager entities, CommitGate gate) {
        if (!(entities instanceof OpenJPAEntityManager)) {
            throw new IllegalArgumentException("oozie.ha.fencing works with OpenJPA only, and the persistence provider"
                    + " made a " + entities.getClass().getName() + ". Remove it, or set oozie.ha.fencing=off");
        }
        return (EntityManager)
                proxy(entities, new FencedEntities((OpenJPAEntityManager) entities, entities, gate, gate.open()));
    }

    private static Object proxy(Object target, InvocationHandler handler) {
        try {
            return PROXIES.computeIfAbsent(target.getClass(), FencedEntities::proxyOf)
                    .newInstance(handler);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Kept, because looking it up each time costs more than all the rest. */
    private static Constructor<?> proxyOf(Class<?> type) {
        try {
            return Proxy.getProxyClass(type.getClassLoader(), publicInterfaces(type))
                    .getConstructor(InvocationHandler.class);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Class<?>[] publicInterfaces(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?> face : c.getInterfaces()) {
                if (Modifier.isPublic(face.getModifiers())) {
                    all.add(face);
                }
            }
        }
        return all.toArray(new Class<?>[0]);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        boolean plain = arguments == null;
        if (plain && (name.equals("commit") || name.equals("commitAndResume"))) {
            pass();
        } else if (name.equals("equals") && arguments.length == 1 && method.getDeclaringClass() == Object.class) {
            return proxy == arguments[0];
        }
        Object result = call(method, arguments);
        return plain && name.equals("getTransaction") ? transaction(proxy, (EntityTransaction) result) : result;
    }

    /** OpenJPA's transaction is the EntityManager itself; others' may be an object of its own. */
    private Object transaction(Object proxy, EntityTransaction transaction) {
        return transaction == target
                ? proxy
                : proxy(transaction, new FencedEntities(entities, transaction, gate, opening));
    }

    private void pass() {
        if (!entities.isActive() || entities.getRollbackOnly() || !wrote()) {
            return;
        }
        try {
            gate.pass(opening, entities);
        } catch (RuntimeException refused) {
            rollBack(refused);
            throw refused;
        }
    }

    private void rollBack(RuntimeException refused) {
        try {
            if (entities.isActive()) {
                entities.rollback();
            }
        } catch (RuntimeException alsoFailed) {
            refused.addSuppressed(alsoFailed);
        }
    }

    private boolean wrote() {
        return entities.isStoreActive() || !entities.getDirtyObjects().isEmpty();
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
