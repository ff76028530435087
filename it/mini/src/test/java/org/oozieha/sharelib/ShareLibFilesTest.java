package org.oozieha.sharelib;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The files below a libpath, on a local file system. */
public final class ShareLibFilesTest {
    private static final String UPLOADED = "lib_20250101000000";
    private static final String JAR = "jar";

    @Rule
    public final TemporaryFolder folder =
            new TemporaryFolder(Paths.get("").toAbsolutePath().toFile());

    @Test
    public void the_directory_in_use_is_known_also_below_a_relative_libpath() throws Exception {
        Path root = folder.getRoot().toPath();
        upload(root);
        Path relative = Paths.get("").toAbsolutePath().relativize(root);
        try (ShareLibFileSystem system =
                new ShareLibFileSystem(new org.apache.hadoop.fs.Path(relative.toString()), new Configuration(false))) {
            assertEquals(
                    Collections.singleton(UPLOADED),
                    files(system)
                            .newest(Collections.emptySet(), false)
                            .listing()
                            .directories());
        }
    }

    /** HDFS shows a file that was begun long ago and is still being written with its full blocks only. */
    @Test
    public void an_old_file_that_ends_with_a_block_is_asked_whether_it_is_still_being_written() throws Exception {
        Path root = folder.getRoot().toPath();
        upload(root);
        Configuration conf = new Configuration(false);
        conf.setClass("fs.file.impl", OpenFiles.class, FileSystem.class);
        conf.setLong("fs.local.block.size", JAR.length());
        try (ShareLibFileSystem system = new ShareLibFileSystem(new org.apache.hadoop.fs.Path(root.toString()), conf)) {
            files(system).newest(Collections.emptySet(), true);
            fail("taken");
        } catch (IOException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("a.jar is open"));
        }
    }

    /** A file system that can tell open files, as HDFS can. */
    public static final class OpenFiles extends RawLocalFileSystem {
        public boolean isFileClosed(org.apache.hadoop.fs.Path path) {
            return !path.getName().equals("a.jar");
        }
    }

    private static ShareLibFiles files(ShareLibFileSystem system) {
        return new ShareLibFiles(system, "", Collections.emptySet(), System::currentTimeMillis, ms -> {});
    }

    /** An upload that ended long ago. */
    private static void upload(Path root) throws IOException {
        Path jar = root.resolve(UPLOADED).resolve("hive").resolve("a.jar");
        Files.createDirectories(jar.getParent());
        Files.write(jar, JAR.getBytes(StandardCharsets.UTF_8));
        for (Path path = jar; !path.equals(root); path = path.getParent()) {
            Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis() - 1_200_000));
        }
    }
}
