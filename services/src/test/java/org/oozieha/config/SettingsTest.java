package org.oozieha.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashSet;
import java.util.Set;
import org.junit.Test;

public class SettingsTest {
    private static final String BEGIN = "<!-- properties:begin -->";
    private static final String END = "<!-- properties:end -->";

    @Test
    public void every_setting_is_in_the_table_once_with_a_default_it_accepts() throws Exception {
        Set<String> keys = new HashSet<>();
        for (Setting<?> setting : Settings.all()) {
            assertTrue(setting.key(), keys.add(setting.key()));
            assertTrue(setting.key(), setting.key().startsWith("oozie."));
            setting.parse(null);
        }
    }

    @Test
    public void every_duration_carries_its_unit_in_its_name() {
        for (Setting<?> setting : Settings.all()) {
            assertEquals(setting.key(), setting.key().endsWith(".ms"), "ms".equals(setting.unit()));
        }
    }

    @Test
    public void the_readme_has_this_table() throws Exception {
        Path readme = Paths.get("..", "README.md");
        String text = new String(Files.readAllBytes(readme), StandardCharsets.UTF_8);
        int begin = text.indexOf(BEGIN);
        if (begin >= 0) {
            String table = text.substring(begin + BEGIN.length(), text.indexOf(END, begin));
            assertEquals(Settings.markdown().trim(), table.trim());
        }
    }

    @Test
    public void edits_are_counted() {
        assertEquals(0, NearestName.edits("abc", "abc"));
        assertEquals(1, NearestName.edits("abc", "abd"));
        assertEquals(3, NearestName.edits("kitten", "sitting"));
        assertEquals(3, NearestName.edits("", "abc"));
    }
}
