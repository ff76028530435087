package org.oozieha.it.harness;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Whose services make a server highly available. */
public enum HaServices {
    /** The pack's drop-in services, from the distribution. */
    PACK(
            true,
            Arrays.asList(
                    "org.oozieha.service.ZKLocksService",
                    "org.oozieha.service.ZKXLogStreamingService",
                    "org.oozieha.service.ZKJobsConcurrencyService",
                    "org.oozieha.service.ZKUUIDService",
                    "org.oozieha.service.FencedJPAService",
                    "org.oozieha.service.HARecoveryService",
                    "org.oozieha.service.HAHadoopAccessorService",
                    "org.oozieha.service.HADagEngineService",
                    "org.oozieha.sharelib.HAShareLibService")),
    /** What Oozie itself ships. */
    STOCK(
            false,
            Arrays.asList(
                    "org.apache.oozie.service.ZKLocksService",
                    "org.apache.oozie.service.ZKXLogStreamingService",
                    "org.apache.oozie.service.ZKJobsConcurrencyService",
                    "org.apache.oozie.service.ZKUUIDService")),
    /** None: a server that believes it is alone. */
    NONE(false, Collections.emptyList());

    private final boolean installed;
    private final List<String> classes;

    HaServices(boolean installed, List<String> classes) {
        this.installed = installed;
        this.classes = classes;
    }

    /** Whether the pack's jars are copied into the server. */
    boolean needPackJars() {
        return installed;
    }

    /** What goes into {@code oozie.services.ext}. */
    public List<String> classes() {
        return classes;
    }

    /** Where the server says whether it wants requests, below its URL: 200 is yes. */
    String healthPath() {
        return installed ? "/ha/health" : "/v1/admin/status";
    }
}
