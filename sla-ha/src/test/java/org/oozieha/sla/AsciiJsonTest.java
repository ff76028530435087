package org.oozieha.sla;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Collections;
import org.json.simple.JSONObject;
import org.json.simple.JSONValue;
import org.junit.Test;

public final class AsciiJsonTest {
    @Test
    public void any_text_is_stored_as_printable_ascii_and_comes_back() {
        String text = "late \ud83d\ude00 \u00e4 \u20ac \u4e2d 'quoted' \"line\"\n\\u0041 \u007f\u0001";
        String json = AsciiJson.of(JSONObject.toJSONString(Collections.singletonMap("text", text)));
        assertTrue(json, json.chars().allMatch(c -> c >= ' ' && c <= '~'));
        assertEquals(text, ((JSONObject) JSONValue.parse(json)).get("text"));
    }
}
