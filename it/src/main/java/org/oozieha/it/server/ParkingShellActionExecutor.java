package org.oozieha.it.server;

import java.io.Closeable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.yarn.api.ApplicationClientProtocol;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.apache.oozie.action.ActionExecutorException;
import org.apache.oozie.action.hadoop.ShellActionExecutor;
import org.apache.oozie.client.WorkflowAction;
import org.apache.oozie.service.HadoopAccessorException;

/**
 * Oozie's shell action, held at a chosen point of its submission (see {@link ParkingPlace}): {@code before} the resource manager is asked
 * for an application, after Oozie looked for an earlier one; {@code prepared}, all of it being written down but the application not yet
 * submitted; {@code during}: the resource manager has accepted it and its answer is not read; {@code after}: the action is started and
 * nothing of that is in the database.
 */
public final class ParkingShellActionExecutor extends ShellActionExecutor {

    @Override
    public void start(Context context, WorkflowAction action) throws ActionExecutorException {
        super.start(context, action);
        ParkingPlace.of(context.getWorkflow()).pass("after");
    }

    /** The server's own client, whichever it is; what it sends to the resource manager passes by here. */
    @Override
    protected YarnClient createYarnClient(Context context, Configuration conf) throws HadoopAccessorException {
        YarnClient client = super.createYarnClient(context, conf);
        ParkingPlace place = ParkingPlace.of(context.getWorkflow());
        try {
            Field field = YarnClientImpl.class.getDeclaredField("rmClient");
            field.setAccessible(true);
            field.set(client, passing(place, (ApplicationClientProtocol) field.get(client)));
            return client;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Hadoop's YARN client has another shape", e);
        }
    }

    private static ApplicationClientProtocol passing(ParkingPlace place, ApplicationClientProtocol resourceManager) {
        return (ApplicationClientProtocol) Proxy.newProxyInstance(
                ApplicationClientProtocol.class.getClassLoader(),
                new Class<?>[] {ApplicationClientProtocol.class, Closeable.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        RPC.stopProxy(resourceManager);
                        return null;
                    }
                    if (method.getName().equals("getNewApplication")) {
                        place.pass("before");
                    }
                    boolean submission = method.getName().equals("submitApplication");
                    if (submission) {
                        place.pass("prepared");
                    }
                    try {
                        Object answer = method.invoke(resourceManager, arguments);
                        if (submission) {
                            place.pass("during");
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
