package org.oozieha.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.zookeeper.MemberFormat;
import org.oozieha.config.PackVersion;
import org.oozieha.config.Settings;

public class OozieHaTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    public void version_is_that_of_the_build_with_what_it_carries() {
        assertEquals(OozieHa.OK, run("version"));
        String text = out.toString();
        assertTrue(text, text.startsWith("oozie-ha " + PackVersion.current() + " (curator 5."));
        assertTrue(PackVersion.current(), PackVersion.current().matches("\\d+\\.\\d+.*"));
        assertTrue(json("version", "--json").startsWith("{\"version\":\"" + PackVersion.current() + "\",\"curator\":"));
    }

    @Test
    public void settings_prints_the_table() {
        assertEquals(OozieHa.OK, run("settings"));
        assertEquals(Settings.markdown(), out.toString());
        assertTrue(json("settings", "--json").contains("\"key\":\"oozie.ha.fencing\""));
    }

    @Test
    public void sql_prints_the_tables_for_one_database_or_for_each() {
        assertEquals(OozieHa.OK, run("sql", "--database", "postgresql"));
        assertEquals(
                "-- postgresql\ncreate table OOZIE_HA_SERVER (server_id varchar(255) not null, incarnation bigint not null,"
                        + " fenced_at timestamp null, primary key (server_id, incarnation));\n"
                        + "create table OOZIE_HA_ALERT (event_key varchar(255) not null, server varchar(255) not null,"
                        + " payload text not null, created bigint not null, delivered bigint not null,"
                        + " primary key (event_key));\n"
                        + "create index OOZIE_HA_ALERT_I1 on OOZIE_HA_ALERT (delivered);",
                out.toString().trim());
        assertTrue(json("sql", "--database", "mysql", "--json").contains("engine=InnoDB"));
        assertTrue(json("sql", "--database", "mysql", "--json")
                .contains("\"create_alert_table\":\"create table OOZIE_HA_ALERT (event_key varchar(255) character set"
                        + " utf8 collate utf8_bin not null,"));
        assertEquals(OozieHa.OK, run("sql"));
        assertTrue(out.toString(), out.toString().contains("-- mariadb"));
    }

    @Test
    public void sql_says_which_databases_cannot_fence() {
        assertEquals(OozieHa.FINDINGS, run("sql", "--database", "oracle"));
        assertTrue(out.toString(), out.toString().contains("number(19)"));
        assertTrue(out.toString(), out.toString().contains("oracle: oozie.ha.fencing=database is refused"));
        assertTrue(json("sql", "--database", "oracle", "--json").contains("\"fencing_supported\":false"));
    }

    @Test
    public void a_wrong_option_or_no_command_cannot_tell() {
        assertEquals(OozieHa.CANNOT_TELL, run("servers", "--what"));
        assertEquals(OozieHa.CANNOT_TELL, run());
        assertEquals(OozieHa.CANNOT_TELL, run("sql", "--database", "access"));
        assertEquals(OozieHa.OK, run("--help"));
    }

    @Test
    public void servers_cannot_tell_without_zookeeper() throws Exception {
        String nobody = "127.0.0.1:" + InstanceSpec.getRandomPort();
        assertEquals(OozieHa.CANNOT_TELL, run("servers", "--connect", nobody, "--timeout", "1"));
        assertTrue(err.toString(), err.toString().contains(nobody));
        assertFalse(err.toString(), err.toString().contains("\tat "));
        String json = json("servers", "--json", "--connect", nobody, "--timeout", "1");
        assertTrue(json, json.startsWith("{\"error\":\"No connection to ZooKeeper at " + nobody));
    }

    @Test
    public void servers_cannot_tell_with_a_wrong_configuration() throws Exception {
        File site = folder.newFile("oozie-site.xml");
        Files.write(site.toPath(), "<configuration><property>".getBytes(UTF_8));
        assertEquals(OozieHa.CANNOT_TELL, run("servers", "--oozie-config", site.getPath()));
        assertTrue(err.toString(), err.toString().contains(site.getPath()));
        assertEquals(OozieHa.CANNOT_TELL, run("servers", "--connect", "a b"));
        assertTrue(err.toString(), err.toString().contains("oozie.zookeeper.connection.string"));
    }

    @Test
    public void servers_lists_what_is_registered_and_writes_nothing() throws Exception {
        try (TestingServer zookeeper = new TestingServer();
                CuratorFramework curator =
                        CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryOneTime(100))) {
            curator.start();
            String[] servers = {"servers", "--connect", zookeeper.getConnectString(), "--namespace", "oz"};
            assertEquals(OozieHa.FINDINGS, run(servers));
            assertTrue(err.toString(), err.toString().contains("no server is registered"));
            assertEquals(null, curator.checkExists().forPath("/oz"));

            register(curator, "oz", member("oozie-2", "http://h2:11000/oozie", ServerState.DRAINING));
            register(curator, "oz", member("oozie-1", "http://h1:11000/oozie", ServerState.ACTIVE));
            assertEquals(OozieHa.OK, run(servers));
            String[] lines = out.toString().split("\n");
            assertEquals(3, lines.length);
            assertTrue(lines[0], lines[0].matches("ID +STATE +INCARNATION +URL +VERSION +AGE"));
            assertTrue(
                    lines[1],
                    lines[1].matches("oozie-1 +ACTIVE +17 +http://h1:11000/oozie +1.0 on 5.2.1 +\\d+[smhd].*"));
            assertTrue(lines[2], lines[2].startsWith("oozie-2  DRAINING"));
        }
    }

    @Test
    public void servers_reads_oozies_own_configuration_and_names_what_is_wrong() throws Exception {
        try (TestingServer zookeeper = new TestingServer();
                CuratorFramework curator =
                        CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryOneTime(100))) {
            curator.start();
            register(curator, "deep/oozie", member("a", "http://same:11000/oozie", ServerState.JOINING));
            register(curator, "deep/oozie", member("b", "http://same:11000/oozie", ServerState.JOINING));
            curator.create().creatingParentsIfNeeded().forPath("/deep/oozie/ha/servers/c", new byte[] {'{'});
            Path site = folder.newFolder("conf").toPath().resolve("oozie-site.xml");
            String xml = "<configuration><property><name>oozie.zookeeper.connection.string</name><value>${zk}</value>"
                    + "</property><property><name>zk</name><value> " + zookeeper.getConnectString()
                    + " </value></property></configuration>";
            Files.write(site, xml.getBytes(UTF_8));
            String json = json(
                    "servers",
                    "--json",
                    "--oozie-config",
                    site.getParent().toString(),
                    "-Doozie.zookeeper.namespace=deep/oozie");
            assertTrue(json, json.contains("\"id\":\"a\",\"state\":\"JOINING\",\"incarnation\":17"));
            assertTrue(json, json.contains("the entry of c is damaged"));
            assertTrue(json, json.contains("no server is ACTIVE"));
            assertTrue(json, json.contains("a and b announce the same URL"));
        }
    }

    @Test
    public void acl_closes_checks_and_opens_the_znodes() throws Exception {
        try (TestingServer zookeeper = new TestingServer();
                CuratorFramework curator =
                        CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryOneTime(100))) {
            curator.start();
            register(curator, "oozie", member("a", "http://h1:11000/oozie", ServerState.ACTIVE));
            String[] login = {
                "--connect",
                zookeeper.getConnectString(),
                "-Doozie.zookeeper.secure=true",
                "-Doozie.ha.zookeeper.authentication=digest",
                "-Doozie.ha.zookeeper.digest.password=secret"
            };
            assertEquals(OozieHa.FINDINGS, run(with(login, "acl", "--check")));
            assertTrue(out.toString(), out.toString().contains("/oozie: 4 znodes, 4 not digest:oozie:"));
            assertTrue(err.toString(), err.toString().contains("/oozie/ha/servers/a has world:anyone:cdrwa"));

            assertEquals(OozieHa.OK, run(with(login, "acl", "--close")));
            assertTrue(out.toString(), out.toString().contains("4 changed to digest:oozie:"));
            assertEquals(OozieHa.OK, run(with(login, "acl", "--check")));
            assertEquals(OozieHa.OK, run(with(login, "servers")));

            String[] anybody = {"--connect", zookeeper.getConnectString()};
            assertEquals(OozieHa.CANNOT_TELL, run(with(anybody, "servers")));
            assertTrue(err.toString(), err.toString().contains("NoAuth"));
            assertEquals(OozieHa.FINDINGS, run(with(anybody, "acl", "--check")));
            assertEquals(OozieHa.FINDINGS, run(with(anybody, "acl", "--open")));
            assertTrue(err.toString(), err.toString().contains("/oozie is not this login's"));

            String json = json(with(login, "acl", "--open", "--json"));
            assertTrue(json, json.contains("\"wanted\":\"world:anyone:cdrwa\",\"znodes\":4,\"different\":4"));
            assertEquals(OozieHa.OK, run(with(anybody, "acl", "--check")));
        }
    }

    @Test
    public void acl_cannot_tell_of_a_namespace_that_is_not_there() throws Exception {
        try (TestingServer zookeeper = new TestingServer()) {
            String[] mistaken = {"--connect", zookeeper.getConnectString(), "-Doozie.zookeeper.namespace=ozie"};
            for (String action : new String[] {"--check", "--open"}) {
                assertEquals(OozieHa.CANNOT_TELL, run(with(mistaken, "acl", action)));
                assertTrue(err.toString(), err.toString().contains("no znode /ozie"));
            }
        }
    }

    @Test
    public void acl_wants_one_action_and_a_login_to_close_with() throws Exception {
        assertEquals(OozieHa.CANNOT_TELL, run("acl", "--connect", "localhost:1"));
        assertEquals(OozieHa.CANNOT_TELL, run("acl", "--connect", "localhost:1", "--open", "--close"));
        assertEquals(OozieHa.CANNOT_TELL, run("acl", "--connect", "localhost:1", "--close"));
        assertTrue(err.toString(), err.toString().contains("oozie.zookeeper.secure=true"));
        String nobody = "127.0.0.1:" + InstanceSpec.getRandomPort();
        assertEquals(OozieHa.CANNOT_TELL, run("acl", "--connect", nobody, "--check", "--timeout", "1"));
        assertTrue(err.toString(), err.toString().contains(nobody));
    }

    @Test
    public void a_password_comes_from_hadoops_credential_provider() {
        assertEquals(
                OozieHa.CANNOT_TELL,
                run(
                        "acl",
                        "--check",
                        "--connect",
                        "localhost:1",
                        "-Dhadoop.security.credential.provider.path=unknown://nowhere"));
        assertTrue(err.toString(), err.toString().contains("hadoop.security.credential.provider.path"));
    }

    private static String[] with(String[] connection, String... command) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(command), java.util.Arrays.stream(connection))
                .toArray(String[]::new);
    }

    @Test
    public void an_age_has_two_units_at_most() {
        assertEquals("0s", ServersCommand.age(-5));
        assertEquals("59s", ServersCommand.age(59_999));
        assertEquals("1m 1s", ServersCommand.age(61_000));
        assertEquals("2h 3m", ServersCommand.age(7_380_000));
        assertEquals("1d 1h", ServersCommand.age(90_000_000));
    }

    private static void register(CuratorFramework curator, String namespace, Member member) throws Exception {
        curator.create()
                .creatingParentsIfNeeded()
                .forPath("/" + namespace + "/ha/servers/" + member.id(), MemberFormat.encode(member));
    }

    private static Member member(String id, String url, ServerState state) {
        ServerIdentity identity = new ServerIdentity(id, url, "1.0", "5.2.1", System.currentTimeMillis() - 60_000);
        return new Member(Incarnation.of(id, 17), identity, state, 10_000, 0);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return OozieHa.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private String json(String... arguments) {
        run(arguments);
        return out.toString().trim();
    }
}
