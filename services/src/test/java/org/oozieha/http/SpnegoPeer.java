package org.oozieha.http;

import java.io.IOException;
import java.io.OutputStream;
import java.security.PrivilegedExceptionAction;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/** A server that asks for a Kerberos ticket and gives a cookie for it, as hadoop-auth's filter does. */
final class SpnegoPeer implements ScriptedPeer.Script {
    private final Subject acceptor;
    private final List<String> handshakes = new CopyOnWriteArrayList<>();
    private volatile long cookieMs = 3_600_000;
    private volatile int generation;
    private volatile String body = "ok";

    SpnegoPeer(String principal, String keytab) throws LoginException {
        acceptor = new Subject();
        new LoginContext("acceptor", acceptor, null, new Acceptor(principal, keytab)).login();
    }

    /** Who shook hands, in that order. */
    List<String> handshakes() {
        return handshakes;
    }

    void cookieLife(long ms) {
        cookieMs = ms;
    }

    /** As after a restart with other secrets. */
    void forgetCookies() {
        generation++;
    }

    @Override
    public boolean answer(ScriptedPeer.Request request, OutputStream out) throws IOException {
        String asked = request.header("Authorization");
        if (request.isHealthProbe()) {
            ScriptedPeer.ok(out, "ACTIVE 1\n");
        } else if (valid(request.cookie())) {
            ScriptedPeer.ok(out, body);
        } else if (asked.startsWith("Negotiate ")) {
            accept(Base64.getDecoder().decode(asked.substring(10)), out);
        } else {
            ScriptedPeer.head(out, "401 Unauthorized", "WWW-Authenticate: Negotiate", "Content-Length: 0");
        }
        return true;
    }

    private boolean valid(String cookie) {
        int end = cookie.indexOf("&e=");
        return cookie.contains("&s=g" + generation + "x")
                && end > 0
                && Long.parseLong(cookie.substring(end + 3).split("[&\"]")[0]) > System.currentTimeMillis();
    }

    private void accept(byte[] ticket, OutputStream out) throws IOException {
        try {
            String[] accepted = Subject.doAs(acceptor, (PrivilegedExceptionAction<String[]>) () -> {
                GSSManager manager = GSSManager.getInstance();
                GSSContext context = manager.createContext(manager.createCredential(
                        null, GSSCredential.INDEFINITE_LIFETIME, new Oid("1.3.6.1.5.5.2"), GSSCredential.ACCEPT_ONLY));
                byte[] reply = context.acceptSecContext(ticket, 0, ticket.length);
                return new String[] {
                    context.getSrcName().toString(),
                    reply == null ? "" : Base64.getEncoder().encodeToString(reply)
                };
            });
            handshakes.add(accepted[0]);
            long end = System.currentTimeMillis() + cookieMs;
            ScriptedPeer.head(
                    out,
                    "200 OK",
                    "WWW-Authenticate: Negotiate " + accepted[1],
                    "Set-Cookie: hadoop.auth=\"u=oozie&p=" + accepted[0] + "&t=kerberos&e=" + end + "&s=g" + generation
                            + "x" + handshakes.size() + "\"; Path=/; HttpOnly",
                    "Content-Length: 0");
        } catch (Exception e) {
            ScriptedPeer.head(out, "403 Forbidden", "Content-Length: 0");
        }
    }

    private static final class Acceptor extends Configuration {
        private final Map<String, String> options = new HashMap<>();

        Acceptor(String principal, String keytab) {
            options.put("principal", principal);
            options.put("useKeyTab", "true");
            options.put("keyTab", keytab);
            options.put("storeKey", "true");
            options.put("doNotPrompt", "true");
            options.put("isInitiator", "false");
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {
                new AppConfigurationEntry(
                        "com.sun.security.auth.module.Krb5LoginModule",
                        AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                        Collections.unmodifiableMap(options))
            };
        }
    }
}
