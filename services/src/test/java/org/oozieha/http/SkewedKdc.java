package org.oozieha.http;

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

/** Answers every request as a KDC whose clock differs too much. */
public final class SkewedKdc implements AutoCloseable {
    private final String realm;
    private final ServerSocket socket;

    SkewedKdc() throws IOException {
        this(TestKdc.REALM);
    }

    public SkewedKdc(String realm) throws IOException {
        this.realm = realm;
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
                DataInputStream in = new DataInputStream(client.getInputStream());
                in.readFully(new byte[in.readInt()]);
                byte[] answer = error().encode();
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeInt(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                // the client has gone, or the test is over
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
        socket.close();
    }
}
