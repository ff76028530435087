package org.oozieha.fence;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public final class FenceTableTest {
    private static final String SELECT = "select a from T where b > ? order by b";

    @Test
    public void the_first_rows_of_a_select_as_each_database_spells_it() {
        for (FenceTable limiting :
                new FenceTable[] {FenceTable.POSTGRESQL, FenceTable.MYSQL, FenceTable.MARIADB, FenceTable.HSQLDB}) {
            assertEquals(SELECT + " limit 500", limiting.first(500, SELECT));
        }
        assertEquals(SELECT + " fetch first 500 rows only", FenceTable.DERBY.first(500, SELECT));
        assertEquals("select * from (" + SELECT + ") where rownum <= 500", FenceTable.ORACLE.first(500, SELECT));
        assertEquals("select top 500 a from T where b > ? order by b", FenceTable.SQLSERVER.first(500, SELECT));
    }
}
