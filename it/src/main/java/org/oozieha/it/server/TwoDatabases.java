package org.oozieha.it.server;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Map;
import org.apache.oozie.service.InstrumentationService;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;

/** The database service that is installed and one of stock's, on the same database; Oozie's code uses one of them at a time. */
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
            JPAService stock = new JPAService();
            stock.init(Services.get());
            // As Services does with each it starts, else stock's would be spared counting and timing its transactions.
            stock.instrument(Services.get().get(InstrumentationService.class).get());
            return new TwoDatabases((Map<Class<? extends Service>, Service>) field.get(Services.get()), stock);
        } catch (ReflectiveOperationException | ServiceException e) {
            throw new IOException(e);
        }
    }

    void use(boolean stocks) {
        services.put(JPAService.class, stocks ? stock : installed);
    }
}
