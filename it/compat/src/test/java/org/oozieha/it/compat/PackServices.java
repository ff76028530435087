package org.oozieha.it.compat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The classes an operator names in {@code oozie.services.ext}. */
final class PackServices {
    static final List<String> ALL = Collections.unmodifiableList(Arrays.asList(
            "org.oozieha.service.ZKLocksService",
            "org.oozieha.service.ZKUUIDService",
            "org.oozieha.service.ZKJobsConcurrencyService",
            "org.oozieha.service.ZKXLogStreamingService",
            "org.oozieha.service.FencedJPAService",
            "org.oozieha.service.HARecoveryService",
            "org.oozieha.service.HAHadoopAccessorService",
            "org.oozieha.service.HADagEngineService",
            "org.oozieha.sharelib.HAShareLibService",
            "org.apache.oozie.service.EventHandlerService",
            "org.oozieha.sla.HASLAService"));

    /** For clusters with HCatalog. */
    static final List<String> HCATALOG = Collections.unmodifiableList(Arrays.asList(
            "org.oozieha.hcat.HAPartitionDependencyManagerService", "org.oozieha.hcat.HAHCatAccessorService"));

    /** Also those that stand for a stock service without ZooKeeper in its name. */
    static final List<String> WITH_FENCING_AND_RECOVERY = Collections.unmodifiableList(Arrays.asList(
            "org.oozieha.service.FencedJPAService",
            "org.oozieha.service.HADagEngineService",
            "org.oozieha.service.HARecoveryService",
            "org.oozieha.service.HAHadoopAccessorService",
            "org.oozieha.service.ZKLocksService",
            "org.oozieha.service.ZKUUIDService",
            "org.oozieha.service.ZKJobsConcurrencyService",
            "org.oozieha.service.ZKXLogStreamingService",
            "org.oozieha.sharelib.HAShareLibService",
            "org.apache.oozie.service.EventHandlerService",
            "org.oozieha.sla.HASLAService"));

    private PackServices() {}
}
