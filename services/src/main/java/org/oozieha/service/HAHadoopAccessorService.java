package org.oozieha.service;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.PrivilegedExceptionAction;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.LocalResource;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.HadoopAccessorException;
import org.apache.oozie.service.HadoopAccessorService;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.UserGroupInformationService;
import org.oozieha.cluster.zookeeper.KerberosAdvice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Oozie's access to Hadoop; in {@code oozie.services.ext} it takes the place of Oozie's HadoopAccessorService.
 *
 * <p>Guarantee: that of {@link ClaimingYarnClient} for every action Oozie runs in a launcher: a start that is done again elsewhere, because
 * its server died or was paused, goes on with the application that was submitted, also while that one waits in YARN's queue. Stock submits
 * a second one then and spoils the first. A login that is refused at start says what to do. All else is stock's. Without the pack's
 * FencedJPAService a thread is not asked whether its locks stand. Launchers are told what the pack's other services add ({@link
 * LauncherSettings}). Thread-safe after init.
 *
 * <p>Source: Oozie 5.2.1, JavaActionExecutor.submitLauncher: the client is created before the action's directory is looked at, from a
 * configuration that has the two keys below only when something is to be submitted.
 */
public final class HAHadoopAccessorService extends HadoopAccessorService {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.service");
    private static final String ACTION_DIR = "oozie.action.dir.path";
    private static final String CLAIM = "oozie.action.recovery.id";
    private static final String LAUNCHER_CONF = "launcher.xml";

    @Override
    public Class<? extends Service> getInterface() {
        return HadoopAccessorService.class;
    }

    @Override
    public void init(Services services) throws ServiceException {
        try {
            super.init(services);
        } catch (ServiceException e) {
            throw advised(e);
        }
    }

    static ServiceException advised(ServiceException refusal) {
        return KerberosAdvice.ofLogin(refusal)
                .map(advice -> new ServiceException(
                        ErrorCode.E0100, HAHadoopAccessorService.class.getSimpleName(), advice, refusal))
                .orElse(refusal);
    }

    @Override
    public YarnClient createYarnClient(String user, Configuration conf) throws HadoopAccessorException {
        YarnClient plain = super.createYarnClient(user, conf);
        String dir = conf.get(ACTION_DIR);
        String name = conf.get(CLAIM);
        if (dir == null || name == null) {
            return plain;
        }
        try {
            Path file = new Path(dir, name);
            LauncherClaim claim = new LauncherClaim(createFileSystem(user, file.toUri(), conf), file);
            withdrawIfNeverSubmitted(claim, plain);
            return claiming(user, conf, claim);
        } catch (IOException | YarnException e) {
            throw new HadoopAccessorException(ErrorCode.E0902, e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HadoopAccessorException(ErrorCode.E0902, e.getMessage(), e);
        } finally {
            plain.stop();
        }
    }

    @Override
    public LocalResource createLocalResourceForConfigurationFile(
            String filename, String user, Configuration conf, URI uri, Path dir)
            throws IOException, HadoopAccessorException, URISyntaxException {
        boolean ofLauncher = filename.equals(LAUNCHER_CONF);
        return super.createLocalResourceForConfigurationFile(
                filename, user, ofLauncher ? completed(conf) : conf, uri, dir);
    }

    private static Configuration completed(Configuration launcher) throws IOException {
        Optional<HaNode> node = HaNode.current();
        return node.isPresent() ? node.get().completed(launcher) : launcher;
    }

    private static YarnClient claiming(String user, Configuration conf, LauncherClaim claim)
            throws IOException, InterruptedException {
        return Services.get()
                .get(UserGroupInformationService.class)
                .getProxyUser(user)
                .doAs((PrivilegedExceptionAction<YarnClient>) () -> {
                    YarnClient client = new ClaimingYarnClient(claim, HAHadoopAccessorService::requireTokens);
                    client.init(conf);
                    client.start();
                    return client;
                });
    }

    private static void requireTokens() {
        JPAService database = Services.get().get(JPAService.class);
        if (database instanceof FencedJPAService) {
            ((FencedJPAService) database).requireTokens();
        }
    }

    /** Its server ended between the two; only the resource manager that gave the name can tell. */
    private static void withdrawIfNeverSubmitted(LauncherClaim claim, YarnClient yarn)
            throws IOException, YarnException {
        Optional<ApplicationId> named = claim.read();
        if (!named.isPresent()) {
            return;
        }
        try {
            yarn.getApplicationReport(named.get());
        } catch (ApplicationNotFoundException e) {
            ApplicationId fresh =
                    yarn.createApplication().getNewApplicationResponse().getApplicationId();
            if (fresh.getClusterTimestamp() == named.get().getClusterTimestamp()) {
                LOG.info(
                        "An application was named and never submitted; the action is started anew: {} file={}",
                        named.get(),
                        claim);
                claim.withdraw();
            }
        }
    }
}
