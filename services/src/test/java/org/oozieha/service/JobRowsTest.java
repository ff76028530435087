package org.oozieha.service;

import static org.junit.Assert.assertEquals;

import java.util.Collections;
import java.util.Set;
import org.junit.Test;

public final class JobRowsTest {
    private static final String SELECT = "select a.id from WorkflowActionBean a where a.pending = 1";

    @Test
    public void the_first_page_is_not_compared_with_the_empty_text_which_is_null_for_oracle() {
        assertEquals(SELECT + " order by a.id", page("", Collections.emptySet()));
        assertEquals(
                SELECT + " and a.wfId in (:jobs) order by a.id", page("", Collections.singleton("0000001-oozie-W")));
    }

    @Test
    public void a_later_page_begins_after_the_last_id_of_the_one_before() {
        assertEquals(
                SELECT + " and a.id > :after order by a.id", page("0000001-oozie-W@first", Collections.emptySet()));
    }

    private static String page(String after, Set<String> jobs) {
        return JobRows.pageOf(SELECT, "a.id", "a.wfId", after, jobs);
    }
}
