package org.oozieha.it.compat;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.curator.test.TestingServer;
import org.junit.Test;

/** Oozie's services, all of ours among them, boot and shut down on each class path. */
public final class BootTest {
    @Test
    public void stock_services_boot_on_oozie_5_1_0_and_hadoop_3_3_6() throws Exception {
        String base = "org.apache.oozie.service.MemoryLocksService";
        List<String> reported = new OozieHome("vendor-base").boot(ClassPath.vendor(), Collections.singletonList(base));
        assertEquals(Arrays.asList("service " + base, "destroyed", "left"), reported);
    }

    @Test
    public void all_services_of_the_pack_boot_on_oozie_5_1_0_and_hadoop_3_3_6() throws Exception {
        assertAllBoot("vendor", ClassPath.vendor());
    }

    @Test
    public void all_services_of_the_pack_boot_on_stock_oozie_5_2_1() throws Exception {
        assertAllBoot("stock", ClassPath.stock());
    }

    private static void assertAllBoot(String name, ClassPath oozie) throws Exception {
        List<String> all = new ArrayList<>(PackServices.WITH_FENCING_AND_RECOVERY);
        all.addAll(PackServices.HCATALOG);
        List<String> expected = new ArrayList<>();
        all.forEach(type -> expected.add("service " + type));
        expected.add("destroyed");
        expected.add("left");
        try (TestingServer zookeeper = new TestingServer()) {
            List<String> reported = new OozieHome(name)
                    .set("oozie.services.ext", String.join(",", all))
                    .set("oozie.zookeeper.connection.string", zookeeper.getConnectString())
                    .set("oozie.ha.activation.http.check", "false")
                    .set(
                            "oozie.service.EventHandlerService.event.listeners",
                            "org.apache.oozie.sla.listener.SLAJobEventListener")
                    .boot(oozie.and(ClassPath.hcatalog()).and(ClassPath.pack()), all);
            assertEquals(expected, reported);
        }
    }
}
