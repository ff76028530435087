package org.oozieha.hcat;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.Test;

public final class NotReachedTest {
    @Test
    public void a_refused_connection_is_found_below_what_wraps_it() {
        assertTrue(NotReached.is(new RuntimeException(new IOException(new ConnectException("refused")))));
    }

    @Test
    public void a_client_for_writing_that_was_not_made_is_told_by_its_text_because_oozie_drops_the_cause() {
        assertTrue(NotReached.is(new IOException("E1501: java.lang.RuntimeException: Unable to instantiate"
                + " org.apache.hive.hcatalog.common.HiveClientCache$CacheableHiveMetaStoreClient")));
        assertTrue(NotReached.is(
                new IOException("E1501: Unable to instantiate org.apache.hadoop.hive.metastore.HiveMetaStoreClient")));
    }

    @Test
    public void what_a_metastore_answered_was_reached() {
        assertFalse(NotReached.is(new IOException("E1501: Unable to instantiate the storage handler")));
        assertFalse(NotReached.is(new IOException("NoSuchObjectException: t")));
    }
}
