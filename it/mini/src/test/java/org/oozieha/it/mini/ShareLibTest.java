package org.oozieha.it.mini;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.action.hadoop.JavaActionExecutor;
import org.apache.oozie.service.JobsConcurrencyService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.ShareLibService;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.service.HaNode;

/** The sharelib on a local file system, as Oozie's own actions and commands see it. */
public final class ShareLibTest extends HaServicesTestCase {
    private static final String SHARELIB = "org.oozieha.sharelib.HAShareLibService";
    private static final String LONG_AGO = "lib_20250101000000";
    private static final String LATER = "lib_20250201000000";

    private Path root;
    private Services services;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        root = Files.createDirectories(new File(getTestCaseDir(), "sharelib").toPath());
    }

    public void test_the_newest_sharelib_is_served_with_its_keys_and_files() throws Exception {
        upload(LONG_AGO, "hive/old.jar");
        upload(LATER, "hive/a.jar", "hive/sub/b.jar", "oozie/c.jar", "stray.txt");
        ShareLibService shareLib = bootWith();
        assertEquals("[a.jar, b.jar]", names(shareLib.getShareLibJars("hive")));
        assertEquals("[c.jar]", names(shareLib.getSystemLibJars(JavaActionExecutor.OOZIE_COMMON_LIBDIR)));
        assertNull(shareLib.getShareLibJars("pig"));
        assertEquals(LATER, shareLib.getShareLibRootPath().getName());
    }

    public void test_it_works_alone_and_leaves_nothing_behind() throws Exception {
        upload(LATER, "oozie/c.jar");
        services = boot(Collections.singletonList(SHARELIB), settings());
        assertEquals(SHARELIB, services.get(ShareLibService.class).getClass().getName());
        services.destroy();
        assertNothingIsLeft();
    }

    public void test_without_a_sharelib_the_server_starts_and_takes_the_first_one_it_is_told_of() throws Exception {
        ShareLibService shareLib = bootWith();
        assertNull(shareLib.getShareLibJars("hive"));
        upload(LATER, "hive/a.jar");
        Map<String, String> answer = shareLib.updateShareLib();
        assertTrue(answer.toString(), answer.get("cluster").contains(": loaded"));
        assertTrue(answer.get("sharelibDirNew"), answer.get("sharelibDirNew").endsWith(LATER));
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
    }

    public void test_a_server_starts_although_the_file_system_of_its_sharelib_cannot_be_opened() throws Exception {
        ShareLibService shareLib =
                bootWith("oozie.service.WorkflowAppService.system.libpath", "nosuch://nowhere/share/lib");
        try {
            shareLib.getShareLibRootPath();
            fail("answered");
        } catch (IOException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("cannot be opened"));
        }
    }

    public void test_fail_fast_stops_the_server_where_there_is_no_sharelib() throws Exception {
        try {
            bootWith("oozie.service.ShareLibService.fail.fast.on.startup", "true");
            fail("started");
        } catch (ServiceException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("no sharelib"));
        }
        assertNothingIsLeft();
    }

    public void test_a_restarted_server_takes_the_published_version_until_an_update() throws Exception {
        upload(LONG_AGO, "hive/a.jar");
        bootWith("oozie.zookeeper.namespace", "mini-sharelib-restart");
        services.destroy();
        upload(LATER, "hive/b.jar");
        ShareLibService shareLib = bootWith("oozie.zookeeper.namespace", "mini-sharelib-restart");
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
        shareLib.updateShareLib();
        assertEquals("[b.jar]", names(shareLib.getShareLibJars("hive")));
    }

    public void test_a_directory_that_was_changed_a_moment_ago_is_not_taken_by_itself() throws Exception {
        upload(LONG_AGO, "hive/a.jar");
        write(LATER + "/hive/b.jar");
        Files.setLastModifiedTime(
                root.resolve(LATER + "/hive/b.jar"), FileTime.fromMillis(System.currentTimeMillis() + 60_000));
        ShareLibService shareLib = bootWith();
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
        shareLib.updateShareLib();
        assertEquals("[b.jar]", names(shareLib.getShareLibJars("hive")));
    }

    public void test_an_update_during_an_upload_is_refused_and_the_old_version_stays() throws Exception {
        upload(LONG_AGO, "hive/a.jar");
        ShareLibService shareLib = bootWith();
        write(LATER + "/hive/0.jar");
        Thread upload = new Thread(() -> {
            for (int i = 1; !Thread.currentThread().isInterrupted(); i++) {
                write(LATER + "/hive/" + i + ".jar");
                LockSupport.parkNanos(50_000_000);
            }
        });
        upload.start();
        try {
            shareLib.updateShareLib();
            fail("published");
        } catch (IOException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("still being uploaded"));
        } finally {
            upload.interrupt();
            upload.join(10_000);
        }
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
    }

    public void test_files_that_configure_actions_are_read_and_not_lost_in_the_switch() throws Exception {
        upload(LATER, "hive/a.jar");
        Files.write(
                root.resolve(LATER + "/hive/hive-site.xml"),
                "<configuration><property><name>x</name><value>1</value></property></configuration>"
                        .getBytes(StandardCharsets.UTF_8));
        age(root);
        ShareLibService shareLib = bootWith();
        List<org.apache.hadoop.fs.Path> files = shareLib.getShareLibJars("hive");
        Configuration read = files.stream()
                .filter(file -> file.getName().equals("hive-site.xml"))
                .map(file -> shareLib.getShareLibConf("hive", file))
                .findFirst()
                .get();
        assertEquals("1", read.get("x"));
    }

    public void test_one_action_sees_one_version() throws Exception {
        upload(LONG_AGO, "hive/a.jar", "oozie/a.jar");
        ShareLibService shareLib = bootWith();
        shareLib.getShareLibRootPath();
        upload(LATER, "hive/b.jar", "oozie/b.jar");
        Thread update = new Thread(() -> {
            try {
                shareLib.updateShareLib();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        update.start();
        update.join(30_000);
        assertEquals("[a.jar]", names(shareLib.getSystemLibJars(JavaActionExecutor.OOZIE_COMMON_LIBDIR)));
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
        shareLib.getShareLibRootPath();
        assertEquals("[b.jar]", names(shareLib.getShareLibJars("hive")));
    }

    public void test_a_mapping_file_names_files_directories_and_links() throws Exception {
        write("maps/one/a.jar");
        write("maps/two/b.jar");
        write("maps/three.jar");
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("maps/one"));
        Path mapping = root.resolve("mapping.properties");
        Files.write(
                mapping,
                Arrays.asList(
                        "oozie.hive=" + link + "," + root.resolve("maps/three.jar") + "#renamed.jar",
                        "oozie.pig=file://" + root.resolve("maps/two"),
                        "other.key=ignored"));
        age(root);
        ShareLibService shareLib = bootWith("oozie.service.ShareLibService.mapping.file", mapping.toString());
        assertEquals("[a.jar, three.jar#renamed.jar]", names(shareLib.getShareLibJars("hive")));
        assertEquals("[b.jar]", names(shareLib.getShareLibJars("pig")));
        Files.delete(link);
        Files.createSymbolicLink(link, root.resolve("maps/two"));
        assertEquals("[b.jar, three.jar#renamed.jar]", names(shareLib.getShareLibJars("hive")));
        Files.write(mapping, Arrays.asList("oozie.hive=" + root.resolve("maps/one")));
        assertEquals("[b.jar, three.jar#renamed.jar]", names(shareLib.getShareLibJars("hive")));
        Map<String, String> answer = shareLib.updateShareLib();
        assertTrue(answer.toString(), answer.get("sharelibMetaFile").contains("mapping.properties"));
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
        assertNull(shareLib.getShareLibJars("pig"));
    }

    public void test_a_link_that_moves_while_an_action_asks_counts_from_the_next_action_on() throws Exception {
        write("maps/one/a.jar");
        write("maps/two/b.jar");
        Path hive = Files.createSymbolicLink(root.resolve("hive"), root.resolve("maps/one"));
        Path pig = Files.createSymbolicLink(root.resolve("pig"), root.resolve("maps/one"));
        Path mapping = root.resolve("mapping.properties");
        Files.write(mapping, Arrays.asList("oozie.hive=" + hive, "oozie.pig=" + pig));
        age(root);
        ShareLibService shareLib = bootWith("oozie.service.ShareLibService.mapping.file", mapping.toString());
        shareLib.getShareLibRootPath();
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("hive")));
        Files.delete(pig);
        Files.createSymbolicLink(pig, root.resolve("maps/two"));
        assertEquals("[a.jar]", names(shareLib.getShareLibJars("pig")));
        shareLib.getShareLibRootPath();
        assertEquals("[b.jar]", names(shareLib.getShareLibJars("pig")));
    }

    public void test_launcher_jars_are_in_a_directory_of_this_server_that_the_cluster_knows() throws Exception {
        upload(LATER, "oozie/c.jar");
        ShareLibService shareLib = bootWith("oozie.action.ship.launcher.jar", "true");
        String jars = names(shareLib.getSystemLibJars(JavaActionExecutor.OOZIE_COMMON_LIBDIR));
        assertTrue(jars, jars.contains("oozie-sharelib-oozie") && jars.contains("c.jar"));
        List<String> launchers;
        try (Stream<Path> children = Files.list(root)) {
            launchers = children.map(child -> child.getFileName().toString())
                    .filter(name -> name.startsWith("launcher_"))
                    .collect(Collectors.toList());
        }
        assertEquals(launchers.toString(), 1, launchers.size());
        HaNode node = HaNode.current().get();
        assertTrue(node.cluster()
                .value("/ha/launchers/" + launchers.get(0))
                .read(5_000)
                .exists());
    }

    /** Oozie starts an action again after an unchecked exception whose cause is an IOException; after an IOException it does not. */
    public void test_an_action_is_tried_again_while_the_published_sharelib_cannot_be_loaded() throws Exception {
        upload(LONG_AGO, "oozie/a.jar");
        bootWith("oozie.zookeeper.namespace", "mini-sharelib-unloaded");
        services.destroy();
        Files.move(root.resolve(LONG_AGO), root.resolveSibling("elsewhere"));
        ShareLibService shareLib = bootWith("oozie.zookeeper.namespace", "mini-sharelib-unloaded");
        try {
            shareLib.getSystemLibJars(JavaActionExecutor.OOZIE_COMMON_LIBDIR);
            fail("answered");
        } catch (UncheckedIOException refused) {
            assertEquals(IOException.class, refused.getCause().getClass());
            assertTrue(refused.getMessage(), refused.getMessage().contains("has not loaded the published sharelib"));
        }
        Files.move(root.resolveSibling("elsewhere"), root.resolve(LONG_AGO));
        assertEquals("[a.jar]", names(shareLib.getSystemLibJars(JavaActionExecutor.OOZIE_COMMON_LIBDIR)));
    }

    public void test_the_list_shows_the_version_of_each_server() throws Exception {
        upload(LATER, "hive/a.jar");
        ShareLibService shareLib = bootWith();
        eventually("servers listed", 1L, () -> shareLib.getShareLib().keySet().stream()
                .filter(key -> key.startsWith("[") && key.contains("version 1 ") && key.endsWith(LATER))
                .count());
    }

    public void test_the_instrumentation_shows_what_is_served_and_the_version_of_each_server() throws Exception {
        upload(LATER, "hive/a.jar");
        ShareLibService shareLib = bootWith();
        Instrumentation instrumentation = new Instrumentation();
        shareLib.instrument(instrumentation);
        assertEquals("[hive]", shown(instrumentation, "sharelib.keys"));
        assertEquals("file:" + root.resolve(LATER), shown(instrumentation, "sharelib.system.libpath"));
        eventually("of each server", true, () -> shown(instrumentation, "sharelib.servers")
                .matches("\\[.+] version 1 .*/" + LATER));
    }

    private static String shown(Instrumentation instrumentation, String name) {
        Instrumentation.Element<?> variable =
                instrumentation.getVariables().get("libs").get(name);
        return String.valueOf(variable.getValue());
    }

    public void test_oozie_does_not_repeat_an_update_on_each_server_and_job_logs_still_come_from_all()
            throws Exception {
        upload(LATER, "hive/a.jar");
        bootWith();
        JobsConcurrencyService concurrency = services.get(JobsConcurrencyService.class);
        Map<String, String[]> update = Collections.singletonMap("allservers", new String[] {"true"});
        Map<String, String[]> log = Collections.singletonMap("show", new String[] {"log"});
        assertFalse(concurrency.isAllServerRequest(update));
        assertTrue(concurrency.isAllServerRequest(log));
    }

    private ShareLibService bootWith(String... keysAndValues) throws Exception {
        List<String> classes = new ArrayList<>(ALL);
        classes.add(SHARELIB);
        services = boot(classes, settings(keysAndValues));
        return services.get(ShareLibService.class);
    }

    private String[] settings(String... keysAndValues) {
        List<String> settings = new ArrayList<>();
        Collections.addAll(settings, "oozie.service.HadoopAccessorService.supported.filesystems", "*");
        Collections.addAll(settings, "oozie.service.WorkflowAppService.system.libpath", "file://" + root);
        Collections.addAll(settings, keysAndValues);
        return settings.toArray(new String[0]);
    }

    /** An upload that ended long ago. */
    private void upload(String directory, String... files) throws IOException {
        for (String file : files) {
            write(directory + "/" + file);
        }
        age(root);
    }

    private void write(String file) {
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.write(path, file.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void age(Path below) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(below)) {
            paths = walk.collect(Collectors.toList());
        }
        for (Path path : paths) {
            Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis() - 1_200_000));
        }
    }

    private static String names(List<org.apache.hadoop.fs.Path> paths) {
        return paths.stream()
                .map(org.apache.hadoop.fs.Path::getName)
                .sorted()
                .collect(Collectors.toList())
                .toString();
    }
}
