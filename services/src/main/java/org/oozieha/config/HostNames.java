package org.oozieha.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** What this host is called. */
interface HostNames {
    /** This host's full name, never empty. */
    String canonical();

    /** True if {@code name} resolves to an address of this host. */
    boolean isThisHost(String name);

    /** As the resolver and the network interfaces say. */
    HostNames SYSTEM = new HostNames() {
        @Override
        public String canonical() {
            try {
                return InetAddress.getLocalHost().getCanonicalHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }

        @Override
        public boolean isThisHost(String name) {
            try {
                return NetworkInterface.getByInetAddress(InetAddress.getByName(name)) != null;
            } catch (UnknownHostException | SocketException e) {
                return false;
            }
        }
    };
}
