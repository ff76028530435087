package org.oozieha.it;

import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;

/** Whose services look after waiting actions, and at which intervals. */
enum HCatSide {
    PACK("pack", HaServices.PACK),
    STOCK("stock, its defaults", HaServices.STOCK),
    STOCK_SCALED("stock, intervals of 5 s", HaServices.STOCK) {
        @Override
        void scale(ClusterSettings settings) {
            settings.quickRecovery()
                    .property("oozie.service.JMSAccessorService.retry.initial.delay", 5)
                    .property("oozie.service.coord.push.check.requeue.interval", 5_000);
        }
    };

    private final String title;
    private final HaServices services;

    HCatSide(String title, HaServices services) {
        this.title = title;
        this.services = services;
    }

    ClusterSettings settings(String broker) {
        ClusterSettings settings = new ClusterSettings()
                .servers(3, services)
                .hcatalog(
                        services,
                        "default=java.naming.factory.initial#org.apache.activemq.jndi.ActiveMQInitialContextFactory;"
                                + "java.naming.provider.url#tcp://" + broker
                                + ";connectionFactoryNames#ConnectionFactory");
        scale(settings);
        return settings;
    }

    /** Leaves the intervals as they are. */
    void scale(ClusterSettings settings) {}

    @Override
    public String toString() {
        return title;
    }
}
