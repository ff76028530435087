package org.oozieha.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.apache.kerby.kerberos.kerb.KrbErrorCode;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.base.KrbError;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;

/** Answers every request as a KDC whose clock differs too much from the one who asks. */
public final class SkewedKdc implements AutoCloseable {
    private static final int LONGEST_REQUEST = 64 * 1024;
    private static final int TIMEOUT_MS = 5_000;

    private final String realm;
    private final Runnable whenClosed;
    private final ServerSocket socket;

    public SkewedKdc(String realm) throws IOException {
        this(realm, () -> {});
    }

    public SkewedKdc(String realm, Runnable whenClosed) throws IOException {
        this.realm = realm;
        this.whenClosed = whenClosed;
        socket = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve, "skewed-kdc");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                client.setSoTimeout(TIMEOUT_MS);
                DataInputStream in = new DataInputStream(client.getInputStream());
                int length = in.readInt();
                if (length < 0 || length > LONGEST_REQUEST) {
                    throw new IOException("a request of " + length + " bytes");
                }
                in.readFully(new byte[length]);
                byte[] answer = error().encode();
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeInt(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException | RuntimeException e) {
                // the client has gone or is none, or the test is over: the next one is served
            }
        }
    }

    private KrbError error() {
        KrbError error = new KrbError();
        error.setErrorCode(KrbErrorCode.KRB_AP_ERR_SKEW);
        error.setStime(KerberosTime.now());
        error.setSusec(1);
        error.setRealm(realm);
        error.setSname(new PrincipalName("krbtgt/" + realm));
        return error;
    }

    @Override
    public void close() throws IOException {
        whenClosed.run();
        socket.close();
    }
}
