package org.oozieha.it.mini;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.openjpa.lib.jdbc.AbstractJDBCListener;
import org.apache.openjpa.lib.jdbc.JDBCEvent;

/** Counts the statements that OpenJPA executes while it is named in a system property of OpenJPA. */
public final class Statements extends AbstractJDBCListener {
    private static final String PROPERTY = "openjpa.jdbc.JDBCListeners";
    /** By their text: they are prepared, and thousands have a few texts. */
    private static final Map<String, LongAdder> HEARD = new ConcurrentHashMap<>();

    @Override
    public void beforeExecuteStatement(JDBCEvent event) {
        HEARD.computeIfAbsent(String.valueOf(event.getSQL()), sql -> new LongAdder())
                .increment();
    }

    /** For entity managers made from now on. */
    static void listen() {
        HEARD.clear();
        System.setProperty(PROPERTY, Statements.class.getName());
    }

    static void stopListening() {
        System.clearProperty(PROPERTY);
    }

    static void reset() {
        HEARD.clear();
    }

    /** How many since the last reset had this in them, in lower case. */
    static int with(String text) {
        return HEARD.entrySet().stream()
                .filter(heard -> heard.getKey().toLowerCase(Locale.ROOT).contains(text))
                .mapToInt(heard -> heard.getValue().intValue())
                .sum();
    }
}
