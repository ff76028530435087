package org.oozieha.service;

import org.oozieha.cluster.Json;

/** Writes maps, lists, texts, numbers and booleans as JSON on one line. */
public final class JsonText {
    private JsonText() {}

    /** @param value a map, list, text, number, boolean or null */
    public static String write(Object value) {
        return Json.write(value);
    }
}
