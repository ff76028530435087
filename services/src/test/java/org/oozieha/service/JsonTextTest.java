package org.oozieha.service;

import static org.junit.Assert.assertEquals;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.Test;

public class JsonTextTest {
    @Test
    public void nested_values_are_written_on_one_line() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a", Arrays.asList(1, true, null, "x"));
        value.put("b", Collections.singletonMap("c", -2L));
        assertEquals("{\"a\":[1,true,null,\"x\"],\"b\":{\"c\":-2}}", JsonText.write(value));
        assertEquals("[]", JsonText.write(Collections.emptyList()));
    }

    @Test
    public void quotes_backslashes_and_control_characters_are_escaped() {
        assertEquals("\"\\\"\\\\\\u000a\\u0001\"", JsonText.write("\"\\\n" + (char) 1));
    }
}
