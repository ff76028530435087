package org.oozieha.it.mini;

import java.io.IOException;

/** Stops a process and lets it go on; its connections stay. */
final class Signals {
    private Signals() {}

    static void freeze(Process process) throws IOException, InterruptedException {
        send(process, "STOP");
    }

    static void thaw(Process process) throws IOException, InterruptedException {
        send(process, "CONT");
    }

    private static void send(Process process, String name) throws IOException, InterruptedException {
        Object pid;
        try {
            pid = Process.class.getMethod("pid").invoke(process);
        } catch (ReflectiveOperationException e) {
            throw new IOException("no process id: Java 9 is needed to run this", e);
        }
        int exit = new ProcessBuilder("kill", "-" + name, pid.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " ended with " + exit);
        }
    }
}
