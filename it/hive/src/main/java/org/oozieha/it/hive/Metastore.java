package org.oozieha.it.hive;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.SerDeInfo;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.hadoop.hive.shims.ShimLoader;

/**
 * A metastore on Derby, and orders for it by HTTP: {@code /create/<table>} makes a table with the partition key {@code dt},
 * {@code /add/<table>/<dt>} adds a partition, both in the database {@code default}.
 *
 * <p>Arguments: port, port for orders, directory, and the URL of the broker to which partitions are announced, if any.
 */
public final class Metastore {
    private final int port;

    private Metastore(int port) {
        this.port = port;
    }

    public static void main(String[] args) throws Throwable {
        int port = Integer.parseInt(args[0]);
        HiveConf conf = new HiveConf();
        conf.set("hive.metastore.uris", "");
        conf.set("javax.jdo.option.ConnectionURL", "jdbc:derby:;databaseName=" + args[2] + "/db;create=true");
        conf.set("hive.metastore.warehouse.dir", "file://" + args[2] + "/warehouse");
        conf.set("hive.metastore.expression.proxy", NoExpressions.class.getName());
        conf.set("hive.metastore.schema.verification", "false");
        conf.set("hive.metastore.server.min.threads", "5");
        conf.set("datanucleus.schema.autoCreateAll", "true");
        conf.set("datanucleus.connectionPoolingType", "DBCP");
        if (args.length > 3) {
            System.setProperty("java.naming.factory.initial", "org.apache.activemq.jndi.ActiveMQInitialContextFactory");
            System.setProperty("java.naming.provider.url", args[3]);
            conf.set("hive.metastore.event.listeners", "org.apache.hive.hcatalog.listener.NotificationListener");
        }
        new Metastore(port).takeOrders(Integer.parseInt(args[1]));
        HiveMetaStore.startMetaStore(port, ShimLoader.getHadoopThriftAuthBridge(), conf);
    }

    private void takeOrders(int orders) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), orders), 0);
        server.createContext("/", this::order);
        server.start();
    }

    private void order(HttpExchange exchange) throws IOException {
        String[] words = exchange.getRequestURI().getPath().split("/");
        String answer = "done";
        int status = 200;
        try {
            carryOut(words);
        } catch (Exception e) {
            answer = e.toString();
            status = 500;
        }
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void carryOut(String... words) throws Exception {
        HiveConf conf = new HiveConf();
        conf.set("hive.metastore.uris", "thrift://127.0.0.1:" + port);
        HiveMetaStoreClient client = new HiveMetaStoreClient(conf);
        try {
            if (words[1].equals("create")) {
                client.createTable(table(words[2]));
            } else {
                client.appendPartition("default", words[2], "dt=" + words[3]);
            }
        } finally {
            client.close();
        }
    }

    private static Table table(String name) {
        StorageDescriptor storage = new StorageDescriptor();
        storage.setCols(Collections.singletonList(new FieldSchema("v", "string", "")));
        storage.setInputFormat("org.apache.hadoop.mapred.TextInputFormat");
        storage.setOutputFormat("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat");
        storage.setSerdeInfo(
                new SerDeInfo(name, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", Collections.emptyMap()));
        Table table = new Table();
        table.setDbName("default");
        table.setTableName(name);
        table.setSd(storage);
        table.setPartitionKeys(Collections.singletonList(new FieldSchema("dt", "string", "")));
        table.setParameters(new HashMap<>());
        return table;
    }
}
