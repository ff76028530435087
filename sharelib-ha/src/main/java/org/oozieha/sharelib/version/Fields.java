package org.oozieha.sharelib.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Typed fields of a JSON object; what is missing or of another type is an {@link IllegalArgumentException} that names it. */
final class Fields {
    private Fields() {}

    static String text(Map<String, Object> json, String name) {
        return typed(json, name, String.class);
    }

    static long number(Map<String, Object> json, String name) {
        return typed(json, name, Long.class);
    }

    static Map<String, Object> object(Map<String, Object> json, String name) {
        @SuppressWarnings("unchecked") // the parser's objects have texts as keys
        Map<String, Object> object = typed(json, name, Map.class);
        return object;
    }

    static List<String> texts(Map<String, Object> json, String name) {
        List<String> texts = new ArrayList<>();
        for (Object item : typed(json, name, List.class)) {
            texts.add(String.valueOf(item));
        }
        return texts;
    }

    private static <T> T typed(Map<String, Object> json, String name, Class<T> type) {
        Object value = json.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("field " + name + " is " + value);
        }
        return type.cast(value);
    }
}
