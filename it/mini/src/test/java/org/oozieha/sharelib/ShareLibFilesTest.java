package org.oozieha.sharelib;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import org.apache.hadoop.conf.Configuration;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The files below a libpath, on a local file system. */
public final class ShareLibFilesTest {
    private static final String UPLOADED = "lib_20250101000000";

    @Rule
    public final TemporaryFolder folder =
            new TemporaryFolder(Paths.get("target").toAbsolutePath().toFile());

    @Test
    public void the_directory_in_use_is_known_also_below_a_relative_libpath() throws Exception {
        Path root = folder.getRoot().toPath();
        upload(root);
        Path relative = Paths.get("").toAbsolutePath().relativize(root);
        try (ShareLibFileSystem system =
                ShareLibFileSystem.open(new org.apache.hadoop.fs.Path(relative.toString()), new Configuration(false))) {
            assertEquals(
                    Collections.singleton(UPLOADED),
                    files(system).newest(Collections.emptySet(), false).listing().directories());
        }
    }

    private static ShareLibFiles files(ShareLibFileSystem system) {
        return new ShareLibFiles(system, "", Collections.emptySet(), System::currentTimeMillis, ms -> {});
    }

    /** An upload that ended long ago. */
    private static void upload(Path root) throws IOException {
        Path jar = root.resolve(UPLOADED).resolve("hive").resolve("a.jar");
        Files.createDirectories(jar.getParent());
        Files.write(jar, "jar".getBytes(StandardCharsets.UTF_8));
        for (Path path = jar; !path.equals(root); path = path.getParent()) {
            Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis() - 1_200_000));
        }
    }
}
