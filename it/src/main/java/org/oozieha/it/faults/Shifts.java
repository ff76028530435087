package org.oozieha.it.faults;

import java.util.ArrayList;
import java.util.List;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.StatusWrite;

/** Which server ran with whose services from when on. Not thread-safe. */
final class Shifts {
    private final List<Shift> shifts = new ArrayList<>();

    Shifts(List<OozieServer> servers, HaServices services) {
        servers.forEach(server -> shifts.add(new Shift(server.id(), services, 0)));
    }

    void change(OozieServer server, HaServices services) {
        shifts.add(new Shift(server.id(), services, System.currentTimeMillis()));
    }

    /** Whether the server that wrote ran with the pack. */
    boolean byPack(StatusWrite write) {
        return byPack(write.server(), write.atMillis());
    }

    boolean byPack(String server, long atMillis) {
        HaServices services = HaServices.NONE;
        for (Shift shift : shifts) {
            if (shift.server.equals(server) && shift.fromMillis <= atMillis) {
                services = shift.services;
            }
        }
        return services == HaServices.PACK;
    }

    private static final class Shift {
        private final String server;
        private final HaServices services;
        private final long fromMillis;

        private Shift(String server, HaServices services, long fromMillis) {
            this.server = server;
            this.services = services;
            this.fromMillis = fromMillis;
        }
    }
}
