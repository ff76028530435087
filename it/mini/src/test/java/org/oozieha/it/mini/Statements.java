package org.oozieha.it.mini;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.openjpa.lib.jdbc.AbstractJDBCListener;
import org.apache.openjpa.lib.jdbc.JDBCEvent;

/** Hears every statement that OpenJPA executes while it is named in a system property of OpenJPA. */
public final class Statements extends AbstractJDBCListener {
    private static final String PROPERTY = "openjpa.jdbc.JDBCListeners";
    private static final List<String> HEARD = new CopyOnWriteArrayList<>();

    @Override
    public void beforeExecuteStatement(JDBCEvent event) {
        HEARD.add(String.valueOf(event.getSQL()).toLowerCase(Locale.ROOT));
    }

    /** For entity managers made from now on. */
    static void listen() {
        System.setProperty(PROPERTY, Statements.class.getName());
    }

    static void stopListening() {
        System.clearProperty(PROPERTY);
        HEARD.clear();
    }

    static void reset() {
        HEARD.clear();
    }

    /** Statements since the last reset that have this in them. */
    static int with(String text) {
        return (int) HEARD.stream().filter(sql -> sql.contains(text)).count();
    }
}
