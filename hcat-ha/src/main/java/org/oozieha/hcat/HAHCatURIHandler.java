package org.oozieha.hcat;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.dependency.HCatURIHandler;
import org.apache.oozie.dependency.URIHandlerException;
import org.apache.oozie.dependency.hcat.HCatMessageHandler;
import org.apache.oozie.service.HCatAccessorException;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;
import org.oozieha.hcat.endpoint.FailOver;
import org.oozieha.hcat.endpoint.NoEndpointException;
import org.oozieha.service.HaNode;

/**
 * Resolves {@code hcat://<cluster>/db/table/partition} to a live metastore of the cluster, and goes to another one when that is dead; in
 * {@code oozie.service.URIHandlerService.uri.handlers} it takes the place of Oozie's HCatURIHandler.
 *
 * <p>Guarantee: clusters are those of {@code oozie.ha.hcat.clusters}; other authorities name hosts, as in Oozie. An action is registered before
 * its topic is listened to, and looked up after that. On failure, also where Hive's client throws something unchecked, a
 * {@link URIHandlerException} that names what was tried. Thread-safe.
 */
public class HAHCatURIHandler extends HCatURIHandler {
    /** Something done to a URI that names one metastore, with a configuration for its client. */
    private interface Action<T> {
        T on(URI uri, Configuration conf) throws Exception;
    }

    /** Asked anew each time: the answer of a service that is not up yet must not be remembered. */
    @Override
    public DependencyType getDependencyType(URI uri) {
        Services services = Services.get();
        HCatAccessorService accessor = services == null ? null : services.get(HCatAccessorService.class);
        return accessor != null && accessor.isKnownPublisher(uri) ? DependencyType.PUSH : DependencyType.PULL;
    }

    @Override
    public void registerForNotification(URI uri, Configuration conf, String user, String actionId)
            throws URIHandlerException {
        HCatURI hcatUri = parsed(uri);
        Services services = Services.get();
        PartitionDependencyManagerService dependencies = services.get(PartitionDependencyManagerService.class);
        HCatAccessorService accessor = services.get(HCatAccessorService.class);
        boolean registersFirst = dependencies instanceof HAPartitionDependencyManagerService;
        if (registersFirst) {
            dependencies.addMissingDependency(hcatUri, actionId);
        }
        if (!accessor.isRegisteredForNotification(hcatUri)) {
            String topic = on(uri, hcatConfOr(accessor, conf), TopicName::of);
            if (topic == null) {
                return;
            }
            accessor.registerForNotification(hcatUri, topic, new HCatMessageHandler(uri.getAuthority()));
        }
        if (!registersFirst) {
            dependencies.addMissingDependency(hcatUri, actionId);
        }
    }

    private static HCatURI parsed(URI uri) throws URIHandlerException {
        try {
            return new HCatURI(uri);
        } catch (URISyntaxException e) {
            throw new URIHandlerException(ErrorCode.E0906, uri, e);
        }
    }

    @Override
    public Context getContext(URI uri, Configuration conf, String user, boolean readOnly) throws URIHandlerException {
        return on(uri, conf, (one, with) -> super.getContext(one, with, user, readOnly));
    }

    /** By the context's own client; if that has lost its metastore, by a new one. */
    @Override
    public boolean exists(URI uri, Context context) throws URIHandlerException {
        try {
            return super.exists(uri, context);
        } catch (URIHandlerException | RuntimeException e) {
            requireAnother(uri, e);
            return exists(uri, context.getConfiguration(), context.getUser());
        }
    }

    @Override
    public boolean exists(URI uri, Configuration conf, String user) throws URIHandlerException {
        return on(uri, conf, (one, with) -> super.exists(one, with, user));
    }

    /** As {@link #exists(URI, Context)}; what is gone already stays gone. */
    @Override
    public void delete(URI uri, Context context) throws URIHandlerException {
        try {
            super.delete(uri, context);
        } catch (URIHandlerException | RuntimeException e) {
            requireAnother(uri, e);
            delete(uri, context.getConfiguration(), context.getUser());
        }
    }

    @Override
    public void delete(URI uri, Configuration conf, String user) throws URIHandlerException {
        on(uri, conf, (one, with) -> {
            super.delete(one, with, user);
            return null;
        });
    }

    /** Throws what happened, unless it is that one metastore of several was not reached. */
    private static void requireAnother(URI uri, Exception failure) throws URIHandlerException {
        if (!cluster(uri).isPresent() || !NotReached.is(failure)) {
            throw known(failure);
        }
    }

    private <T> T on(URI uri, Configuration conf, Action<T> action) throws URIHandlerException {
        try {
            Optional<FailOver> cluster = cluster(uri);
            if (!cluster.isPresent()) {
                return action.on(uri, conf);
            }
            Configuration bounded = bounded(conf);
            return cluster.get().call(endpoint -> action.on(at(endpoint, uri), bounded));
        } catch (Exception e) {
            throw known(e);
        }
    }

    private static URI at(String endpoint, URI uri) throws URISyntaxException {
        return new URI(uri.getScheme(), endpoint, uri.getPath(), uri.getQuery(), uri.getFragment());
    }

    /** Hive's client throws unchecked exceptions of its cache that Oozie's commands do not expect. */
    private static URIHandlerException known(Exception failure) {
        if (failure instanceof URIHandlerException) {
            return (URIHandlerException) failure;
        }
        String text = failure instanceof NoEndpointException ? failure.getMessage() : failure.toString();
        return new HCatAccessorException(ErrorCode.E1501, text, failure);
    }

    private static Optional<FailOver> cluster(URI uri) {
        return HAHCatAccessorService.cluster(uri.getAuthority());
    }

    private static Configuration hcatConfOr(HCatAccessorService accessor, Configuration conf) {
        return accessor.getHCatConf() == null ? conf : accessor.getHCatConf();
    }

    private static Configuration bounded(Configuration conf) {
        return HaNode.current()
                .map(node -> new CallBounds(node.config()).on(conf))
                .orElse(conf);
    }
}
