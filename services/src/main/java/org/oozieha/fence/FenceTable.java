package org.oozieha.fence;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * OOZIE_HA_SERVER(server_id, incarnation, fenced_at), and OOZIE_HA_ALERT of SLA alerts, as each database that Oozie runs on spells them.
 *
 * <p>A database without a tested share-locking SELECT does not {@link #fences fence}. Immutable.
 */
public enum FenceTable {
    POSTGRESQL("varchar(255)", "bigint", "timestamp", "", " for share"),
    // binary collation: ids that differ in case only are two servers; 3-byte utf8: the key fits old InnoDB formats
    MYSQL(
            "varchar(255) character set utf8 collate utf8_bin",
            "bigint",
            "datetime(3)",
            " engine=InnoDB",
            " lock in share mode"),
    MARIADB(
            "varchar(255) character set utf8 collate utf8_bin",
            "bigint",
            "datetime(3)",
            " engine=InnoDB",
            " lock in share mode"),
    ORACLE("varchar2(255)", "number(19)", "timestamp", "", null),
    DERBY("varchar(255)", "bigint", "timestamp", "", null),
    HSQLDB("varchar(255)", "bigint", "timestamp", "", null),
    SQLSERVER("nvarchar(255)", "bigint", "datetime2", "", null);

    /** Alerts that were recorded with their event and may have to be delivered by another server. */
    public static final String ALERTS = "OOZIE_HA_ALERT";

    static final String NAME = "OOZIE_HA_SERVER";
    private static final int MYSQL_LOCK_WAIT_TIMEOUT = 1205;
    private static final String POSTGRESQL_DIVISION_BY_ZERO = "22012";
    private static final String POSTGRESQL_LOCK_NOT_AVAILABLE = "55P03";

    private final String text;
    private final String number;
    private final String time;
    private final String tail;
    private final String shareLock;

    FenceTable(String text, String number, String time, String tail, String shareLock) {
        this.text = text;
        this.number = number;
        this.time = time;
        this.tail = tail;
        this.shareLock = shareLock;
    }

    /** The database behind a JDBC URL; empty if Oozie does not know it either. */
    public static Optional<FenceTable> of(String jdbcUrl) {
        for (FenceTable table : values()) {
            if (jdbcUrl.toLowerCase(Locale.ROOT).startsWith("jdbc:" + table.label() + ":")) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }

    /** As in a JDBC URL. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True if {@code oozie.ha.fencing=database} works here. */
    public boolean fences() {
        return shareLock != null;
    }

    /** Without a semicolon at the end. */
    public String createTable() {
        return "create table " + NAME + " (server_id " + text + " not null, incarnation " + number
                + " not null, fenced_at " + time + (this == DERBY ? "" : " null")
                + ", primary key (server_id, incarnation))" + tail;
    }

    /** The table {@link #ALERTS}; without a semicolon at the end. */
    public String createAlertTable() {
        return "create table " + ALERTS + " (event_key " + text + " not null, server " + text + " not null, payload "
                + longText() + " not null, created " + number + " not null, delivered " + number
                + " not null, primary key (event_key))" + tail;
    }

    /** After {@link #createAlertTable}; without a semicolon at the end. */
    public String createAlertIndex() {
        return "create index " + ALERTS + "_I1 on " + ALERTS + " (delivered)";
    }

    /** That SELECT, of as many of its rows at most, in its order. */
    public String first(int limit, String select) {
        switch (this) {
            case ORACLE:
                return "select * from (" + select + ") where rownum <= " + limit;
            case DERBY:
                return select + " fetch first " + limit + " rows only";
            case SQLSERVER:
                return select.replaceFirst("^select ", "select top " + limit + " ");
            default:
                return select + " limit " + limit;
        }
    }

    private String longText() {
        switch (this) {
            case POSTGRESQL:
                return "text";
            case MYSQL:
            case MARIADB:
                return "mediumtext character set utf8";
            case ORACLE:
            case DERBY:
                return "clob";
            case SQLSERVER:
                return "nvarchar(max)";
            default:
                return "longvarchar";
        }
    }

    /** Finds, and locks against {@link ServerRows#mark} until the transaction ends, the row of an incarnation that stands. */
    String shareLockingSelect() {
        return "select 1 from " + NAME + " where server_id = ? and incarnation = ? and fenced_at is null" + shareLock;
    }

    /**
     * One request that finds and locks the row, and commits; it fails with {@link #isFenced} if the row is marked or not there. Empty if the
     * database cannot do that in one.
     */
    Optional<String> fencedCommit() {
        return this == POSTGRESQL
                ? Optional.of("select 1 / coalesce((" + shareLockingSelect() + "), 0); commit")
                : Optional.empty();
    }

    /** True if a {@link #fencedCommit} found no row that stands; nothing was committed. */
    boolean isFenced(SQLException failure) {
        return POSTGRESQL_DIVISION_BY_ZERO.equals(failure.getSQLState());
    }

    /** Bounds how long this connection waits for a row's lock. */
    String lockTimeout(int seconds) {
        return this == POSTGRESQL
                ? "set lock_timeout = " + seconds * 1000
                : "set session innodb_lock_wait_timeout = " + seconds;
    }

    /** True if a row's lock was not obtained in time. */
    boolean isLockTimeout(SQLException failure) {
        return this == POSTGRESQL
                ? POSTGRESQL_LOCK_NOT_AVAILABLE.equals(failure.getSQLState())
                : failure.getErrorCode() == MYSQL_LOCK_WAIT_TIMEOUT;
    }

    /** Driver properties that bound connecting and each answer. */
    Properties bounds(int connectSeconds, int answerSeconds) {
        int unit = this == POSTGRESQL ? 1 : 1000;
        Properties bounds = new Properties();
        bounds.setProperty("connectTimeout", String.valueOf(connectSeconds * unit));
        bounds.setProperty("socketTimeout", String.valueOf(answerSeconds * unit));
        return bounds;
    }
}
