package org.oozieha.hcat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.jms.JMSConnectionInfo;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.util.MappingRule;

/** Which broker the messages of a metastore come from: the first rule that fits, else the default, else none. Thread-safe. */
final class Publishers {
    private final List<MappingRule> rules = new ArrayList<>();
    private final Map<String, Optional<JMSConnectionInfo>> known = new ConcurrentHashMap<>();
    private JMSConnectionInfo byDefault;

    private Publishers() {}

    /**
     * Reads {@code oozie.service.HCatAccessorService.jmsconnections} as Oozie does.
     *
     * @throws ServiceException for an entry without {@code =}, at which Oozie fails with an index
     */
    static Publishers of(Configuration conf) throws ServiceException {
        Publishers publishers = new Publishers();
        String[] connections = ConfigurationService.getStrings(conf, HCatAccessorService.JMS_CONNECTIONS_PROPERTIES);
        for (String connection : connections == null ? new String[0] : connections) {
            String[] fromAndTo = connection.split("=", 2);
            if (fromAndTo.length < 2) {
                throw new ServiceException(
                        ErrorCode.E0100,
                        HCatAccessorService.class.getName(),
                        "no = in [" + connection + "]; correct " + HCatAccessorService.JMS_CONNECTIONS_PROPERTIES
                                + ": publisher=name#value;name#value, several with commas");
            } else if (fromAndTo[0].trim().equals("default")) {
                publishers.byDefault = new JMSConnectionInfo(fromAndTo[1].trim());
            } else {
                publishers.rules.add(new MappingRule(fromAndTo[0].trim(), fromAndTo[1].trim()));
            }
        }
        return publishers;
    }

    Optional<JMSConnectionInfo> broker(URI publisher) {
        return known.computeIfAbsent(publisher.getScheme() + "://" + publisher.getAuthority(), this::find);
    }

    private Optional<JMSConnectionInfo> find(String publisher) {
        for (MappingRule rule : rules) {
            String properties = rule.applyRule(publisher);
            if (properties != null) {
                return Optional.of(new JMSConnectionInfo(properties));
            }
        }
        return Optional.ofNullable(byDefault);
    }
}
