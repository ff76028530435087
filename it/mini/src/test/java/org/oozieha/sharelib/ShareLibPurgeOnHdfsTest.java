package org.oozieha.sharelib;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.service.ShareLibService;
import org.oozieha.cluster.zookeeper.ClusterStartException;
import org.oozieha.cluster.zookeeper.ZkOptions;
import org.oozieha.it.mini.HaServicesTestCase;
import org.oozieha.it.mini.HdfsProcess;

/** Three servers on one HDFS and one ZooKeeper, by a settable clock; what stock Oozie does with the same directories. */
public final class ShareLibPurgeOnHdfsTest extends HaServicesTestCase {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final String[] IDS = {"a", "b", "c"};
    private static final int STEPS = 40;
    private static final long BEGIN_MS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private final AtomicLong clock = new AtomicLong(BEGIN_MS);
    private final Map<String, ShareLibMember> members = new TreeMap<>();
    private final Map<String, Long> unfinished = new TreeMap<>();
    private FileSystem files;
    private Path root;
    private String jar;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        files = HdfsProcess.SHARED.start();
        root = new Path(HdfsProcess.SHARED.url() + "/" + getName());
        files.mkdirs(root);
        jar = Files.write(new File(getTestCaseDir(), "launcher.jar").toPath(), "jar".getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    @Override
    protected void tearDown() throws Exception {
        for (ShareLibMember member : members.values()) {
            member.stop();
        }
        super.tearDown();
    }

    public void test_of_the_launcher_directories_of_servers_started_days_apart_the_stale_ones_go() throws Exception {
        upload("lib_", 40);
        String stale = upload("launcher_", 40) + "_gone_1";
        files.rename(new Path(root, stale.replace("_gone_1", "")), new Path(root, stale));
        start("a");
        pass(5);
        start("b");
        pass(4);
        start("c");
        pass(30);
        Collection<String> used = launchers();
        purgeFor(3);
        assertEquals(used, directories("launcher_"));
        String old = members.get("b").launcherDirectory();
        start("b");
        purgeFor(9);
        Collection<String> left = launchers();
        assertEquals(left, directories("launcher_"));
        assertFalse(left.toString(), left.contains(old));
    }

    /** The same on stock Oozie: all but the newest of those that are older than the retention time. */
    public void test_stock_oozie_deletes_launcher_directories_of_live_servers() throws Exception {
        upload("launcher_", 40);
        Collection<String> used = new TreeSet<>();
        for (int days : new int[] {0, 5, 4}) {
            pass(days);
            used.add(upload("launcher_", 0));
        }
        pass(30);
        ShareLibService stock = boot(
                        Collections.singletonList(ShareLibService.class.getName()),
                        "oozie.service.HadoopAccessorService.supported.filesystems",
                        "*",
                        "oozie.service.WorkflowAppService.system.libpath",
                        root.toString(),
                        ShareLibService.SHIP_LAUNCHER_JAR,
                        "false")
                .get(ShareLibService.class);
        Method purge = ShareLibService.class.getDeclaredMethod("purgeLibs", FileSystem.class, String.class, Date.class);
        purge.setAccessible(true);
        purge.invoke(stock, files, ShareLibService.LAUNCHER_LIB_PREFIX, new Date(clock.get()));
        Collection<String> left = directories("launcher_");
        used.removeAll(left);
        assertEquals("in use deleted: " + used, 2, used.size());
        assertEquals("left: " + left, 1, left.size());
    }

    /** Seeds: {@code it.seed} and {@code sharelib.seeds} - 1 after it, 2 by default. */
    public void test_at_random_all_end_on_the_published_version_and_nothing_in_use_is_missing() throws Exception {
        long first = Long.getLong("it.seed", 1);
        for (long seed = first; seed < first + Integer.getInteger("sharelib.seeds", 2); seed++) {
            for (ShareLibMember member : members.values()) {
                member.stop();
            }
            members.clear();
            unfinished.clear();
            root = new Path(root.getParent(), "seed-" + seed);
            files.mkdirs(root);
            atRandom(seed);
        }
    }

    private void atRandom(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> history = new ArrayList<>(Collections.singletonList("seed " + seed));
        String usedByAction = null;
        upload("lib_", 1);
        for (String id : IDS) {
            start(id);
        }
        for (int i = 0; i < STEPS; i++) {
            String id = IDS[random.nextInt(IDS.length)];
            switch (random.nextInt(5)) {
                case 0:
                    history.add("upload " + upload("lib_", 0));
                    break;
                case 1:
                    history.add("update on " + id);
                    update(id, history);
                    break;
                case 2:
                    history.add("restart of " + id);
                    start(id);
                    break;
                case 3:
                    history.add("an action begins or ends on " + id);
                    usedByAction = usedByAction == null ? members.get(id).serves() : null;
                    unfinished.clear();
                    if (usedByAction != null) {
                        unfinished.put("action", clock.get());
                    }
                    break;
                default:
                    history.add("days pass");
                    purgeFor(1 + random.nextInt(5));
            }
            pass(random.nextDouble());
            TreeSet<String> used = new TreeSet<>(launchers());
            members.values().forEach(member -> used.add(member.serves()));
            if (usedByAction != null) {
                used.add(usedByAction);
            }
            used.removeAll(directories("l"));
            assertEquals("missing after " + history, "[]", used.toString());
        }
        upload("lib_", 0);
        members.get("a").update();
        String published = members.get("a").serves();
        for (String id : IDS) {
            eventually(
                    id + " after " + history, published, () -> members.get(id).serves());
        }
        unfinished.clear();
        purgeFor(30);
        assertEquals("left after " + history, launchers(), directories("launcher_"));
        assertEquals(
                "left after " + history,
                "[" + published + "]",
                directories("lib_").toString());
    }

    /** What is being purged is refused: an operator uploads it again under a later time. */
    private void update(String id, List<String> history) {
        try {
            members.get(id).update();
        } catch (IOException refused) {
            history.add(refused.getMessage());
        }
    }

    /** A server that had this id before is stopped first. */
    private void start(String id) throws IOException, ClusterStartException {
        if (members.containsKey(id)) {
            members.get(id).stop();
        }
        ZkOptions options = new ZkOptions(zookeeperAddress(), root.getName(), 10_000, 2_000, 30_000);
        ShareLibMember member = new ShareLibMember(id, options, root, jar, this::createdUntil, clock::get);
        members.put(id, member);
        member.start();
    }

    private Optional<String> createdUntil(long atMs) {
        return unfinished.entrySet().stream()
                .filter(action -> action.getValue() <= atMs)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Collection<String> launchers() {
        Collection<String> used = new TreeSet<>();
        members.values().forEach(member -> used.add(member.launcherDirectory()));
        return used;
    }

    private void pass(double days) {
        clock.addAndGet((long) (days * ShareLibMember.DAY_MS) + 1_000);
    }

    /** A pass a day, and one of who leads then. */
    private void purgeFor(int days) throws Exception {
        for (int day = 0; day < days; day++) {
            eventually("one leads", 1L, () -> members.values().stream()
                    .filter(ShareLibMember::leads)
                    .count());
            members.values().forEach(ShareLibMember::purge);
            pass(1);
        }
    }

    /** An upload that ended so long ago; returns the directory's name. */
    private String upload(String prefix, int daysAgo) throws IOException {
        long then = clock.addAndGet(1_000) - daysAgo * ShareLibMember.DAY_MS;
        String name = prefix + TIME.format(LocalDateTime.ofInstant(Instant.ofEpochMilli(then), ZoneId.systemDefault()));
        Path jars = new Path(root, name + "/oozie");
        try (FSDataOutputStream out = files.create(new Path(jars, "a.jar"), true)) {
            out.write(name.getBytes(StandardCharsets.UTF_8));
        }
        for (Path path : Arrays.asList(new Path(jars, "a.jar"), jars, new Path(root, name))) {
            files.setTimes(path, then - ShareLibMember.DAY_MS, -1);
        }
        return name;
    }

    private Collection<String> directories(String prefix) throws IOException {
        Collection<String> names = new TreeSet<>();
        for (FileStatus status : files.listStatus(root)) {
            if (status.getPath().getName().startsWith(prefix)) {
                names.add(status.getPath().getName());
            }
        }
        return names;
    }
}
