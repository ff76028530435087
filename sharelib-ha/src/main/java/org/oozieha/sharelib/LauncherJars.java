package org.oozieha.sharelib;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** Uploads the jars this server's launchers need into a directory of its own. Not thread-safe. */
final class LauncherJars {
    private static final FsPermission READABLE = FsPermission.valueOf("-rwxr-xr-x");

    private final ShareLibFileSystem system;
    private final Function<Class<?>, String> jarOf;

    /** @param jarOf the local jar a class comes from; null for none */
    LauncherJars(ShareLibFileSystem system, Function<Class<?>, String> jarOf) {
        this.system = system;
        this.jarOf = jarOf;
    }

    /**
     * Uploads all of them; what is there already is written again.
     *
     * @param classes key to the classes its launchers need
     * @return key to the uploaded jars
     */
    Map<String, List<Path>> upload(Path directory, Map<String, List<Class<?>>> classes) throws IOException {
        Map<String, List<Path>> uploaded = new TreeMap<>();
        for (Map.Entry<String, List<Class<?>>> key : classes.entrySet()) {
            Path to = new Path(directory, key.getKey());
            system.home().mkdirs(to);
            List<Path> paths = new ArrayList<>();
            for (String jar : jars(key.getValue())) {
                paths.add(copy(new File(jar), to));
            }
            uploaded.put(key.getKey(), Collections.unmodifiableList(paths));
        }
        allowAll(directory);
        return Collections.unmodifiableMap(uploaded);
    }

    private Set<String> jars(List<Class<?>> classes) throws IOException {
        Set<String> jars = new LinkedHashSet<>();
        for (Class<?> type : classes) {
            String jar = jarOf.apply(type);
            if (jar == null) {
                throw new IOException("no jar on this server's class path holds " + type.getName());
            }
            jars.add(jar);
        }
        return jars;
    }

    private Path copy(File jar, Path to) throws IOException {
        Path path = new Path(to, jar.getName());
        try (OutputStream out = system.home().create(path, true)) {
            Files.copy(jar.toPath(), out);
        }
        return path;
    }

    private void allowAll(Path directory) throws IOException {
        FileSystem home = system.home();
        home.setPermission(directory, READABLE);
        for (FileStatus status : ShareLibTree.children(home, directory)) {
            if (status.isDirectory()) {
                allowAll(status.getPath());
            } else {
                home.setPermission(status.getPath(), READABLE);
            }
        }
    }
}
