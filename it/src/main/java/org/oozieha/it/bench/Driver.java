package org.oozieha.it.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.oozieha.it.harness.ChildProcess;
import org.oozieha.it.harness.Waiting;

/** The harness's end of a {@link org.oozieha.it.server.ServiceDriver} in a JVM of its own. */
final class Driver implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private final ChildProcess process;
    private final Socket socket;
    private final BufferedReader in;
    private final PrintStream out;

    private Driver(ChildProcess process, Socket socket) throws IOException {
        this.process = process;
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        this.out = new PrintStream(socket.getOutputStream(), true, "UTF-8");
    }

    /** Starts the JVM on that port and returns once its services are up. */
    static Driver start(Starter starter) {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            listener.setSoTimeout((int) Waiting.scaled(START).toMillis());
            ChildProcess process = starter.start(listener.getLocalPort());
            try {
                Socket socket = listener.accept();
                socket.setSoTimeout((int) Waiting.scaled(ANSWER).toMillis());
                Driver driver = new Driver(process, socket);
                driver.in.readLine();
                return driver;
            } catch (IOException e) {
                throw new UncheckedIOException("the driver's services do not come up:\n" + process.tail(), e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Locks and unlocks that many times, one key or another one each time. */
    Duration lock(String key, int count, boolean sameKey) {
        return call("lock " + key + " " + count + " " + (sameKey ? "one" : "many"));
    }

    /** That many transactions that update one row, under one lock. */
    Duration write(String key, int count) {
        return call("write " + key + " " + count);
    }

    /**
     * Writes with the installed database service, and as often with stock's.
     *
     * @param transaction one of those {@link org.oozieha.it.server.ServiceDriver} knows
     */
    Medians compare(String transaction, String key, int count) {
        return new Medians(answer("compare " + key + " " + count + " " + transaction, ANSWER));
    }

    /**
     * Checks all SLAs that many times. The median time of one; empty if all were not over within the bound, and then the driver is only good
     * to be closed.
     */
    Optional<Duration> checkSlas(int count, Duration bound) {
        try {
            return Optional.of(call("slas " + count, bound));
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof SocketTimeoutException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** How many SLAs the service has in memory. */
    long followedSlas() {
        return call("followed").toNanos();
    }

    /** Bytes of its heap in use, after a collection. */
    long heapBytes() {
        return call("memory").toNanos();
    }

    /** As {@code kill -9}. */
    void kill() {
        process.kill();
    }

    Duration ids(int count) {
        return call("ids " + count);
    }

    private Duration call(String command) {
        return call(command, ANSWER);
    }

    private Duration call(String command, Duration within) {
        return Duration.ofNanos(Long.parseLong(answer(command, within)));
    }

    private String answer(String command, Duration within) {
        try {
            socket.setSoTimeout((int) Waiting.scaled(within).toMillis());
            out.println(command);
            String answer = in.readLine();
            if (answer == null || !answer.startsWith("done ")) {
                throw new IllegalStateException("\"" + command + "\": " + answer + "\n" + process.tail());
            }
            return answer.substring(5);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        out.println("end");
        process.terminate(Duration.ofSeconds(20));
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The median times of a transaction, microseconds. Immutable. */
    static final class Medians {
        final double installed;
        final double stock;

        private Medians(String nanos) {
            String[] both = nanos.split(" ");
            installed = Long.parseLong(both[0]) / 1000.0;
            stock = Long.parseLong(both[1]) / 1000.0;
        }
    }

    /** Starts a driver's JVM that is to connect to the port. */
    @FunctionalInterface
    interface Starter {
        ChildProcess start(int port);
    }
}
