package org.oozieha.hcat;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.StringBlob;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.dependency.URIHandler;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.URIHandlerService;
import org.apache.oozie.util.HCatURI;
import org.apache.oozie.util.XConfiguration;
import org.oozieha.hcat.waiting.Dependency;
import org.oozieha.hcat.waiting.Lookups;
import org.oozieha.hcat.waiting.Waiters;
import org.oozieha.service.JobRows;

/**
 * Asks the metastore with the configuration and the user of one of the actions that wait, in bounded time; listens first, if nobody does
 * yet.
 */
final class RecordedLookup implements Lookups.Metastore {
    private static final String CONF = "select a.id, a.runConf from CoordinatorActionBean a where a.id = :id";

    private final Waiters waiters;
    private final CallBounds bounds;

    RecordedLookup(Waiters waiters, CallBounds bounds) {
        this.waiters = waiters;
        this.bounds = bounds;
    }

    @Override
    public boolean has(Dependency dependency) throws Exception {
        Iterator<String> actions = waiters.waiting(dependency).iterator();
        Services services = Services.get();
        if (!actions.hasNext() || services == null) {
            return false;
        }
        String action = actions.next();
        URI uri = new URI(dependency.uri());
        Configuration conf = bounds.on(conf(action));
        String user = conf.get(OozieClient.USER_NAME, System.getProperty("user.name"));
        URIHandler handler = services.get(URIHandlerService.class).getURIHandler(uri);
        HCatAccessorService accessor = services.get(HCatAccessorService.class);
        if (accessor != null && !accessor.isRegisteredForNotification(new HCatURI(uri))) {
            handler.registerForNotification(uri, conf, user, action);
        }
        return handler.exists(uri, conf, user);
    }

    private static Configuration conf(String action) throws IOException {
        Object[] row = JobRows.row(CONF, action);
        StringBlob conf = row == null ? null : (StringBlob) row[1];
        return conf == null || conf.getString() == null
                ? new Configuration(false)
                : new XConfiguration(new StringReader(conf.getString()));
    }
}
