package org.oozieha.it.mini;

import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.openjpa.lib.jdbc.AbstractJDBCListener;
import org.apache.openjpa.lib.jdbc.JDBCEvent;

/** Lets things happen in the middle of Oozie's transactions while it is named in a system property of OpenJPA. */
public final class Interference extends AbstractJDBCListener {
    private static final String PROPERTY = "openjpa.jdbc.JDBCListeners";
    private static final AtomicReference<Moment> BEFORE = new AtomicReference<>();
    private static final AtomicReference<String> LOSING = new AtomicReference<>();
    private static final ThreadLocal<Boolean> LOST = ThreadLocal.withInitial(() -> false);

    /** What happens before a statement, on the thread that executes it. */
    interface Action {
        void run(JDBCEvent event) throws Exception;
    }

    private static final class Moment {
        final String text;
        final AtomicInteger times;
        final Action action;

        Moment(String text, int times, Action action) {
            this.text = text;
            this.times = new AtomicInteger(times);
            this.action = action;
        }
    }

    /** For entity managers made from now on. */
    static void listen() {
        System.setProperty(PROPERTY, Interference.class.getName());
    }

    static void stopListening() {
        System.clearProperty(PROPERTY);
        BEFORE.set(null);
        LOSING.set(null);
    }

    /** Before each of the next statements with this in it, which is in lower case. */
    static void before(String text, int times, Action action) {
        BEFORE.set(new Moment(text, times, action));
    }

    /** The transaction that executes the next statement with this in it has no connection any more when it is to commit. */
    static void loseConnectionOf(String text) {
        LOSING.set(text);
    }

    /** Whether what was to happen has happened, as often as it was to. */
    static boolean isOver() {
        Moment moment = BEFORE.get();
        return LOSING.get() == null && (moment == null || moment.times.get() <= 0);
    }

    @Override
    public void beforeExecuteStatement(JDBCEvent event) {
        String sql = String.valueOf(event.getSQL()).toLowerCase(Locale.ROOT);
        Moment moment = BEFORE.get();
        if (moment != null && sql.contains(moment.text) && moment.times.getAndDecrement() > 0) {
            try {
                moment.action.run(event);
            } catch (Exception e) {
                // OpenJPA swallows exceptions of listeners
                throw new AssertionError("before " + sql, e);
            }
        }
        String losing = LOSING.get();
        if (losing != null && sql.contains(losing) && LOSING.compareAndSet(losing, null)) {
            LOST.set(true);
        }
    }

    @Override
    public void beforeCommit(JDBCEvent event) {
        if (LOST.get()) {
            LOST.remove();
            try {
                event.getConnection().close();
            } catch (SQLException e) {
                throw new AssertionError("before the commit", e);
            }
        }
    }
}
