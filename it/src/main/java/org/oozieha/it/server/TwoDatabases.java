package org.oozieha.it.server;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.Services;

/**
 * The database service that is installed and one of stock's class; Oozie's code uses one of them at a time.
 *
 * <p>Both work with one entity manager factory, and so with one connection pool, one set of compiled queries and one server process of
 * the database: only what the classes do differs.
 */
final class TwoDatabases {
    private final Map<Class<? extends Service>, Service> services;
    private final JPAService installed;
    private final JPAService stock;

    private TwoDatabases(Map<Class<? extends Service>, Service> services, JPAService stock) {
        this.services = services;
        this.installed = (JPAService) services.get(JPAService.class);
        this.stock = stock;
    }

    /** The one that is installed is used first. Both end with the JVM. */
    @SuppressWarnings("unchecked") // the field's declaration
    static TwoDatabases start() throws IOException {
        try {
            Field field = Services.class.getDeclaredField("services");
            field.setAccessible(true);
            Map<Class<? extends Service>, Service> services =
                    (Map<Class<? extends Service>, Service>) field.get(Services.get());
            JPAService stock = new JPAService();
            share((JPAService) services.get(JPAService.class), stock);
            return new TwoDatabases(services, stock);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    /** Gives {@code stock} all that stock's class keeps: the factory, the metrics, what repeats a failed operation. */
    private static void share(JPAService installed, JPAService stock) throws IllegalAccessException {
        for (Field field : JPAService.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                field.set(stock, field.get(installed));
            }
        }
    }

    void use(boolean stocks) {
        services.put(JPAService.class, stocks ? stock : installed);
    }
}
