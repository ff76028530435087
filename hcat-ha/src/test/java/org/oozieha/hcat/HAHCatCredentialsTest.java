package org.oozieha.hcat;

import static org.junit.Assert.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public final class HAHCatCredentialsTest {
    private final Map<String, String> properties = new HashMap<>();

    @Test
    public void a_name_in_the_server_s_own_configuration_is_found_where_the_credential_names_none() {
        properties.put("hcat.metastore.uri", "");
        assertEquals(Optional.of("thrift://dw"), HAHCatCredentials.uri(properties, () -> "thrift://dw"));
    }

    @Test
    public void what_the_credential_names_comes_before_the_server_s_configuration() {
        properties.put("hive.metastore.uris", "thrift://two");
        assertEquals(Optional.of("thrift://two"), HAHCatCredentials.uri(properties, () -> "thrift://dw"));
        properties.put("hcat.metastore.uri", "hcat://one");
        assertEquals(Optional.of("hcat://one"), HAHCatCredentials.uri(properties, () -> "thrift://dw"));
    }

    @Test
    public void nothing_is_found_where_nothing_is_named() {
        assertEquals(Optional.empty(), HAHCatCredentials.uri(properties, () -> null));
    }
}
