package org.oozieha.service;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * What a launcher is told beside what Oozie tells it; given to {@link HaNode#addLauncherSettings}.
 *
 * <p>Called for each launcher before its configuration is written, on the thread that submits it. Thread-safe.
 */
public interface LauncherSettings {
    /**
     * Changes the launcher's configuration in bounded time.
     *
     * @throws IOException if the launcher must not be started like this; the action's start fails with it, by Oozie's rules
     */
    void complete(Configuration launcher) throws IOException;
}
