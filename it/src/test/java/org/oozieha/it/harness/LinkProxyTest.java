package org.oozieha.it.harness;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public final class LinkProxyTest {
    private static final int SHORT_MILLIS = 300;

    private ServerSocket echo;
    private LinkProxy link;

    @Before
    public void an_echo_server_behind_a_link() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        Thread server = new Thread(this::serve, "echo");
        server.setDaemon(true);
        server.start();
        link = LinkProxy.to(echo.getLocalPort());
    }

    @After
    public void close() throws IOException {
        link.close();
        echo.close();
    }

    @Test
    public void an_open_link_delivers() throws IOException {
        try (Socket client = connect()) {
            assertEquals('a', answerTo(client, 'a'));
        }
    }

    @Test
    public void a_cut_closes_connections_and_refuses_new_ones_until_it_heals() throws IOException {
        try (Socket client = connect()) {
            assertEquals('a', answerTo(client, 'a'));
            link.cut();
            assertTrue("closed", isClosed(client));
        }
        try (Socket client = connect()) {
            assertTrue("refused", isClosed(client));
        }
        link.heal();
        try (Socket client = connect()) {
            assertEquals('b', answerTo(client, 'b'));
        }
    }

    @Test
    public void a_black_hole_keeps_connections_and_delivers_nothing_until_it_heals() throws IOException {
        try (Socket client = connect()) {
            assertEquals('a', answerTo(client, 'a'));
            link.blackHole();
            assertTrue("no answer", isSilent(client));
        }
        try (Socket client = connect()) {
            assertTrue("a new connection is accepted and silent", isSilent(client));
        }
        link.heal();
        try (Socket client = connect()) {
            assertEquals('b', answerTo(client, 'b'));
        }
    }

    @Test
    public void a_delay_holds_an_answer_back() throws IOException {
        try (Socket client = connect()) {
            link.delay(Duration.ofMillis(SHORT_MILLIS));
            long asked = System.nanoTime();
            assertEquals('a', answerTo(client, 'a'));
            long took = Duration.ofNanos(System.nanoTime() - asked).toMillis();
            assertTrue("took " + took + " ms", took >= 2 * SHORT_MILLIS);
        }
    }

    @Test
    public void a_link_dies_at_the_last_word_of_the_connection_that_sent_the_first() throws IOException {
        link.blackHoleBetween("f", "l");
        try (Socket other = connect();
                Socket client = connect()) {
            assertEquals('l', answerTo(other, 'l'));
            assertEquals('f', answerTo(client, 'f'));
            assertEquals("another connection's word", 'l', answerTo(other, 'l'));
            assertEquals('m', answerTo(client, 'm'));
            assertTrue("the last word is not delivered", isSilent(client, 'l'));
            assertTrue("the whole link is dead", isSilent(other));
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket("127.0.0.1", link.port());
        client.setSoTimeout(10_000);
        return client;
    }

    private static int answerTo(Socket client, int sent) throws IOException {
        client.getOutputStream().write(sent);
        return client.getInputStream().read();
    }

    private static boolean isSilent(Socket client) throws IOException {
        return isSilent(client, 'x');
    }

    private static boolean isSilent(Socket client, int sent) throws IOException {
        client.setSoTimeout(SHORT_MILLIS);
        try {
            answerTo(client, sent);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private static boolean isClosed(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread answers = new Thread(() -> answer(client), "echo-answers");
                answers.setDaemon(true);
                answers.start();
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    private static void answer(Socket client) {
        try (Socket socket = client) {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                socket.getOutputStream().write(b);
            }
        } catch (IOException e) {
            // The link was cut.
        }
    }
}
