package org.oozieha.it.mini;

import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.dependency.URIHandler;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.URIHandlerService;
import org.oozieha.hcat.ChosenMetastore;

/** Two real metastores with the same table, which are up at the begin of each test. */
public abstract class HCatTwoMetastoresTestCase extends HCatTestCase {
    static final String CLUSTERS = "oozie.ha.hcat.clusters";
    static final String THERE = "hcat://dw/default/t/dt=1";

    private static HiveProcess one;
    private static HiveProcess two;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        if (one == null) {
            start(HiveProcess.metastore(), HiveProcess.metastore());
        }
        one.launchIfDead();
        two.launchIfDead();
    }

    private static void start(HiveProcess... both) throws Exception {
        try {
            for (HiveProcess each : both) {
                each.launch();
            }
            for (HiveProcess each : both) {
                each.awaitReady();
                each.createTable("t");
                each.addPartition("t", "1");
            }
            one = both[0];
            two = both[1];
        } finally {
            if (one == null) {
                for (HiveProcess each : both) {
                    each.kill();
                }
            }
        }
    }

    static HiveProcess one() {
        return one;
    }

    static HiveProcess two() {
        return two;
    }

    static String both() {
        return "dw=" + one.endpoint() + "," + two.endpoint();
    }

    static HiveProcess chosen() throws Exception {
        return ChosenMetastore.of("dw").equals(one.endpoint()) ? one : two;
    }

    static HiveProcess other(HiveProcess metastore) {
        return metastore == one ? two : one;
    }

    /** How long it took to be true. */
    static void figure(String side, String situation, Callable<Boolean> answer) throws Exception {
        long began = System.nanoTime();
        assertTrue(situation, answer.call());
        HCatFigures.put(side, situation, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms");
    }

    static boolean isThere() throws Exception {
        return exists(THERE);
    }

    static boolean exists(String uri) throws Exception {
        return handler().exists(uri(uri), conf(), getTestUser());
    }

    static URIHandler.Context context(String uri) throws Exception {
        return handler().getContext(uri(uri), conf(), getTestUser(), true);
    }

    static URIHandler handler() throws Exception {
        return Services.get().get(URIHandlerService.class).getURIHandler(uri("hcat://any"));
    }

    static URI uri(String text) throws Exception {
        return new URI(text);
    }

    static Configuration conf() {
        return new Configuration(false);
    }
}
