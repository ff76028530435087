package org.oozieha.hcat;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hive.hcatalog.api.HCatClient;
import org.apache.hive.hcatalog.common.HCatException;
import org.apache.oozie.util.HCatURI;

/** Where a metastore publishes what happens to a table. */
final class TopicName {
    private TopicName() {}

    /** Null if it does not publish that. Asks the metastore that the URI names, as Oozie itself. */
    static String of(URI uri, Configuration conf) throws URISyntaxException, HCatException {
        HCatURI table = new HCatURI(uri);
        HiveConf hive = new HiveConf(conf, TopicName.class);
        hive.set("hive.metastore.local", "false");
        hive.set(HiveConf.ConfVars.METASTOREURIS.varname, table.getServerEndPointWithScheme("thrift"));
        HCatClient client = HCatClient.create(hive);
        try {
            return client.getMessageBusTopicName(table.getDb(), table.getTable());
        } finally {
            client.close();
        }
    }
}
