package org.oozieha;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;

/** Holds the package table and the house rules, and shows on a fixture that each kind of rule can fail. */
public final class ArchitectureTest {
    private static final Path MAIN = Paths.get("target", "classes", "org", "oozieha");
    private static final Path TESTS = Paths.get("target", "test-classes", "org", "oozieha");
    private static final String FIXTURE = "org.oozieha.architecture.fixture";

    @Test
    public void every_package_imports_only_what_its_row_allows() {
        assertEquals(noFindings(), findings(PackageTable.below("org.oozieha").rules(), imported(MAIN)));
    }

    @Test
    public void the_in_memory_cluster_imports_only_what_its_row_allows() {
        JavaClasses memory = imported(TESTS.resolve("cluster").resolve("memory"));
        List<String> findings = findings(PackageTable.below("org.oozieha").rules(), memory);
        findings.removeIf(finding -> finding.contains("Test"));
        assertEquals(noFindings(), findings);
    }

    @Test
    public void names_exits_and_sleeps_keep_the_house_rules() {
        assertEquals(noFindings(), findings(CodingRules.rules(), imported(MAIN)));
    }

    @Test
    public void an_import_that_its_row_does_not_allow_is_found() {
        assertFound("KnowsOozie", "org.apache.oozie.service.Services");
    }

    @Test
    public void a_package_without_a_row_is_found() {
        assertFound("unlisted.Stray", "reside outside");
    }

    @Test
    public void a_name_that_says_nothing_is_found() {
        assertFound("LockManager", "has name matching");
    }

    @Test
    public void an_exit_is_found() {
        assertFound("Exits", "System.exit");
    }

    @Test
    public void a_sleep_is_found() {
        assertFound("Sleeps", "Thread.sleep");
    }

    private static void assertFound(String type, String what) {
        List<ArchRule> rules = new ArrayList<>(PackageTable.below(FIXTURE).rules());
        rules.addAll(CodingRules.rules());
        List<String> findings = findings(rules, imported(TESTS.resolve(Paths.get("architecture", "fixture"))));
        assertTrue(
                type + " " + what + " is not among " + findings,
                findings.stream().anyMatch(finding -> finding.contains(type) && finding.contains(what)));
    }

    private static JavaClasses imported(Path path) {
        return new ClassFileImporter().importPath(path);
    }

    private static List<String> findings(List<ArchRule> rules, JavaClasses classes) {
        List<String> findings = new ArrayList<>();
        for (ArchRule rule : rules) {
            findings.addAll(rule.evaluate(classes).getFailureReport().getDetails());
        }
        return findings;
    }

    private static List<String> noFindings() {
        return Arrays.asList();
    }
}
