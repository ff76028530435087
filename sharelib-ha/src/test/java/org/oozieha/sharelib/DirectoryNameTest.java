package org.oozieha.sharelib;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public final class DirectoryNameTest {
    @Test
    public void a_name_made_for_a_launcher_directory_carries_its_time_to_the_second() {
        long now = 1_750_000_000_123L;
        String name = DirectoryName.launcher(now, "host.example.com:1", 7);
        assertTrue(name, name.endsWith("_host.example.com-1_7"));
        assertEquals(
                Long.valueOf(1_750_000_000_000L), DirectoryName.timeMs(name).get());
    }

    @Test
    public void two_servers_that_start_in_the_same_second_have_two_names() {
        assertNotEquals(DirectoryName.launcher(0, "a", 1), DirectoryName.launcher(0, "b", 1));
        assertNotEquals(DirectoryName.launcher(0, "a", 1), DirectoryName.launcher(0, "a", 2));
    }

    @Test
    public void other_names_have_no_time() {
        for (String name : new String[] {"lib", "lib_", "lib_2026", "lib_20261340000000", "hive", "launcher_x"}) {
            assertFalse(name, DirectoryName.timeMs(name).isPresent());
        }
        assertTrue(DirectoryName.timeMs("lib_20261126213000").isPresent());
        assertTrue(DirectoryName.timeMs("lib_20261126213000_copy").isPresent());
    }
}
