package org.oozieha.hcat;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.Assert.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;

/** The logic packages know neither Oozie nor Hive nor JMS; names, exits and sleeps keep the house rules. */
public final class ArchitectureTest {
    private static final String ROOT = "org.oozieha.hcat";

    private final JavaClasses main = new ClassFileImporter().importPath(Paths.get("target", "classes", "org"));

    @Test
    public void who_waits_for_what_needs_the_cluster_only() {
        onlyImports("waiting", "org.oozieha.cluster", "org.oozieha.partition", "org.oozieha.takeover");
    }

    @Test
    public void subscriptions_need_a_timer_only() {
        onlyImports("topic", ROOT + ".waiting", "org.oozieha.takeover");
    }

    @Test
    public void the_choice_of_an_endpoint_needs_a_watched_directory_only() {
        onlyImports("endpoint", "org.oozieha.cluster");
    }

    @Test
    public void names_exits_and_sleeps_keep_the_house_rules() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Utilities|Manager|Helper|Helpers)(\\$.*)?")
                .because("a class is named after its role")
                .check(main);
        noClasses().should().callMethod(System.class, "exit", int.class).check(main);
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(main);
    }

    @Test
    public void an_import_that_is_not_allowed_is_found() {
        assertFalse(rule(ROOT).evaluate(main).getFailureReport().isEmpty());
    }

    private void onlyImports(String name, String... packages) {
        rule(ROOT + "." + name, packages).check(main);
    }

    private static ArchRule rule(String own, String... packages) {
        List<String> allowed = new ArrayList<>(Arrays.asList("java..", "org.slf4j..", own));
        allowed.addAll(Arrays.asList(packages));
        return classes()
                .that()
                .resideInAPackage(own)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(new String[0]));
    }
}
