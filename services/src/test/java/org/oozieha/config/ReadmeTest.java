package org.oozieha.config;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.junit.Test;

public final class ReadmeTest {
    @Test
    public void the_readme_shows_the_table_of_properties_as_it_is() throws IOException {
        String readme = new String(Files.readAllBytes(Paths.get("..", "README.md")), StandardCharsets.UTF_8);
        assertTrue(
                "put this into README.md, section Properties:\n" + Settings.markdown(),
                readme.contains(Settings.markdown()));
    }
}
