package org.oozieha.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The little JSON that the cluster's nodes need: objects, arrays, strings, whole and decimal numbers, literals.
 *
 * <p>Written here because the packed jar carries no JSON library and the servers' own ones differ from distribution to distribution.
 * Damaged text gives an {@link IllegalArgumentException} that says where.
 */
public final class Json {
    private static final int MAX_DEPTH = 20;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Parses one object. Values are String, Long, Double, Boolean, null, List or Map. */
    public static Map<String, Object> object(String text) {
        Json json = new Json(text);
        json.space();
        if (json.at >= text.length() || text.charAt(json.at) != '{') {
            throw json.damaged("an object");
        }
        Map<String, Object> object = json.readObject(0);
        json.space();
        if (json.at < text.length()) {
            throw json.damaged("the end");
        }
        return object;
    }

    /**
     * Writes a value on one line.
     *
     * @param value a map, list, text, number, boolean or null; anything else is written as its text
     */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        if (value instanceof Map) {
            out.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                out.append(separator);
                quote(out, String.valueOf(entry.getKey()));
                out.append(':');
                append(out, entry.getValue());
                separator = ",";
            }
            out.append('}');
        } else if (value instanceof Iterable) {
            out.append('[');
            String separator = "";
            for (Object item : (Iterable<?>) value) {
                out.append(separator);
                append(out, item);
                separator = ",";
            }
            out.append(']');
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(out, String.valueOf(value));
        }
    }

    private static void quote(StringBuilder out, String value) {
        out.append('"');
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private Object readValue(int depth) {
        space();
        if (at >= text.length() || depth > MAX_DEPTH) {
            throw damaged("a value");
        }
        char c = text.charAt(at);
        if (c == '{') {
            return readObject(depth);
        }
        if (c == '[') {
            return readArray(depth);
        }
        return c == '"' ? readString() : readLiteral();
    }

    private Map<String, Object> readObject(int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        space();
        if (accept('}')) {
            return object;
        }
        do {
            space();
            String key = readString();
            space();
            expect(':');
            object.put(key, readValue(depth + 1));
            space();
        } while (accept(','));
        expect('}');
        return object;
    }

    private List<Object> readArray(int depth) {
        List<Object> array = new ArrayList<>();
        at++;
        space();
        if (accept(']')) {
            return array;
        }
        do {
            array.add(readValue(depth + 1));
            space();
        } while (accept(','));
        expect(']');
        return array;
    }

    private String readString() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            out.append(c == '\\' ? readEscape() : c);
        }
        expect('"');
        return out.toString();
    }

    private char readEscape() {
        if (at >= text.length()) {
            throw damaged("an escape");
        }
        char c = text.charAt(at++);
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (c != 'u' || at + 4 > text.length()) {
            throw damaged("an escape");
        }
        String hex = text.substring(at, at + 4);
        at += 4;
        try {
            return (char) Integer.parseInt(hex, 16);
        } catch (NumberFormatException e) {
            throw damaged("four hexadecimal digits");
        }
    }

    private Object readLiteral() {
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        switch (word) {
            case "null":
                return null;
            case "true":
            case "false":
                return Boolean.valueOf(word);
            default:
                try {
                    return word.matches("-?\\d+") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
                } catch (NumberFormatException e) {
                    at = start;
                    throw damaged("a value");
                }
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean accept(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw damaged("'" + c + "'");
        }
    }

    private IllegalArgumentException damaged(String expected) {
        return new IllegalArgumentException("damaged JSON: expected " + expected + " at position " + at);
    }
}
