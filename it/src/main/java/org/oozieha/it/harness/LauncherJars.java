package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The share lib Oozie's launcher needs on YARN, from the jars of a stock server. */
final class LauncherJars {
    private static final String[] JARS = {"oozie-sharelib-oozie-", "oozie-client-", "commons-lang3-", "json-simple-"};

    private LauncherJars() {}

    /** A directory {@code sharelib} with one version and in it {@code oozie}, to be copied to where the servers look for it. */
    static Path layOut(Workspace workspace) {
        Path root = workspace.dir("sharelib");
        Path target = Directories.create(root.resolve("lib_20260101000000/oozie"));
        for (String prefix : JARS) {
            for (Path jar : workspace.stockJars(prefix)) {
                try {
                    Files.copy(jar, target.resolve(jar.getFileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot copy " + jar + " to " + target, e);
                }
            }
        }
        return root;
    }
}
