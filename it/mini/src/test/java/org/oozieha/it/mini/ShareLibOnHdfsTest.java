package org.oozieha.it.mini;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.ShareLibService;

/** The sharelib on HDFS, as Oozie's own actions and commands see it. */
public final class ShareLibOnHdfsTest extends HaServicesTestCase {
    private static final String SHARELIB = "org.oozieha.sharelib.HAShareLibService";
    private static final String LONG_AGO = "lib_20250101000000";
    private static final String LATER = "lib_20250201000000";
    /** The smallest that HDFS takes. */
    private static final int BLOCK = 1 << 20;

    private static final long TWENTY_MINUTES_MS = 1_200_000;

    private Path root;
    private FileSystem files;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        root = new Path(HdfsProcess.SHARED.url() + "/" + getName());
    }

    public void test_a_server_starts_without_hdfs_and_serves_what_is_there_once_hdfs_answers() throws Exception {
        HdfsProcess.SHARED.kill();
        ShareLibService shareLib = bootWith();
        assertNull(shareLib.getShareLibJars("hive"));
        files = HdfsProcess.SHARED.start();
        upload(LONG_AGO + "/hive/a.jar");
        eventually("served", "[a.jar]", () -> {
            List<Path> jars = shareLib.getShareLibJars("hive");
            return jars == null ? "nothing" : names(jars);
        });
        an_upload_is_taken_when_hdfs_has_closed_its_files(shareLib);
    }

    private void an_upload_is_taken_when_hdfs_has_closed_its_files(ShareLibService shareLib) throws Exception {
        upload(LATER + "/hive/b.jar");
        Path begun = new Path(root, LATER + "/hive/c.jar");
        try (FSDataOutputStream out = files.create(begun, true, 4096, (short) 1, BLOCK)) {
            assertRefused(shareLib, "c.jar is open");
            out.write(new byte[BLOCK]);
            out.hflush();
            files.setTimes(begun, System.currentTimeMillis() - TWENTY_MINUTES_MS, -1);
            assertEquals("full blocks only", 0, files.getFileStatus(begun).getLen() % BLOCK);
            assertRefused(shareLib, "c.jar is open");
        }
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
        shareLib.updateShareLib();
        assertEquals("[b.jar, c.jar]", names(shareLib.getShareLibJars("hive")));
    }

    public void test_a_mapping_file_on_hdfs_names_files_of_several_file_systems() throws Exception {
        files = HdfsProcess.SHARED.start();
        upload("maps/a.jar");
        java.nio.file.Path local = Files.createDirectories(java.nio.file.Paths.get(getTestCaseDir(), "jars"));
        Files.write(local.resolve("b.jar"), "b".getBytes(StandardCharsets.UTF_8));
        Path mapping = new Path(root, "mapping.properties");
        write(mapping, "oozie.hive=" + new Path(root, "maps") + ",file://" + local);
        ShareLibService shareLib = bootWith("oozie.service.ShareLibService.mapping.file", mapping.toString());
        shareLib.updateShareLib();
        assertEquals("[a.jar, b.jar]", names(shareLib.getShareLibJars("hive")));
        assertEquals(
                "[file, hdfs]",
                shareLib.getShareLibJars("hive").stream()
                        .map(jar -> jar.toUri().getScheme())
                        .sorted()
                        .collect(Collectors.toList())
                        .toString());
    }

    private static void assertRefused(ShareLibService shareLib, String reason) {
        try {
            shareLib.updateShareLib();
            fail("published");
        } catch (IOException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains(reason));
        }
    }

    private ShareLibService bootWith(String... keysAndValues) throws ServiceException {
        List<String> classes = new ArrayList<>(ALL);
        classes.add(SHARELIB);
        List<String> settings = new ArrayList<>();
        Collections.addAll(settings, "oozie.service.HadoopAccessorService.supported.filesystems", "*");
        Collections.addAll(settings, "oozie.service.WorkflowAppService.system.libpath", root.toString());
        Collections.addAll(settings, keysAndValues);
        Services services = boot(classes, settings.toArray(new String[0]));
        return services.get(ShareLibService.class);
    }

    /** An upload that ended long ago. */
    private void upload(String file) throws IOException {
        Path path = new Path(root, file);
        write(path, file);
        long then = System.currentTimeMillis() - TWENTY_MINUTES_MS;
        for (Path of = path; !of.equals(root); of = of.getParent()) {
            files.setTimes(of, then, -1);
        }
    }

    private void write(Path path, String text) throws IOException {
        try (FSDataOutputStream out = files.create(path, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String names(List<Path> paths) {
        return paths.stream()
                .map(Path::getName)
                .sorted()
                .collect(Collectors.toList())
                .toString();
    }
}
