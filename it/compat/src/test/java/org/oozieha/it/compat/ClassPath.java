package org.oozieha.it.compat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The jars of some directories, in the order of their names: what stands in a server's class path. */
final class ClassPath {
    private final List<Path> jars;

    private ClassPath(List<Path> jars) {
        this.jars = jars;
    }

    /** Unmodified Oozie 5.2.1 as on Maven Central. */
    static ClassPath stock() throws IOException {
        return of(directory("compat.stock"));
    }

    /** Oozie 5.1.0 on Hadoop 3.3.6. */
    static ClassPath vendor() throws IOException {
        return of(directory("compat.vendor"));
    }

    /** HCatalog's client as Oozie ships it. */
    static ClassPath hcatalog() throws IOException {
        return of(directory("compat.hcatalog"));
    }

    /** The jars of the distribution. */
    static ClassPath pack() throws IOException {
        return of(distribution().resolve("lib"));
    }

    static Path distribution() {
        return directory("compat.dist");
    }

    private static Path directory(String property) {
        return Paths.get(System.getProperty(property, "not set: run by mvn verify"))
                .normalize();
    }

    private static ClassPath of(Path directory) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.jar")) {
            found.forEach(jars::add);
        }
        Collections.sort(jars);
        if (jars.isEmpty()) {
            throw new IOException("no jar in " + directory);
        }
        return new ClassPath(jars);
    }

    List<Path> jars() {
        return jars;
    }

    ClassPath and(ClassPath other) {
        List<Path> all = new ArrayList<>(jars);
        all.addAll(other.jars);
        return new ClassPath(all);
    }

    @Override
    public String toString() {
        List<String> paths = new ArrayList<>();
        jars.forEach(jar -> paths.add(jar.toString()));
        return String.join(File.pathSeparator, paths);
    }

    static byte[] bytes(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
        return out.toByteArray();
    }
}
