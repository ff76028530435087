package org.oozieha.sla;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** Logic knows neither Oozie nor ZooKeeper. */
public final class ArchitectureTest {
    private static final String ROOT = "org.oozieha.sla";

    @Test
    public void the_rules_import_nothing() {
        assertEquals(Collections.emptyList(), findings("rule"));
    }

    @Test
    public void following_imports_the_rules_only() {
        assertEquals(Collections.emptyList(), findings("follow", ROOT + ".rule"));
    }

    @Test
    public void alerts_import_the_cluster_only() {
        assertEquals(Collections.emptyList(), findings("alert", "org.oozieha.cluster"));
    }

    @Test
    public void an_import_that_is_not_allowed_is_found() {
        assertFalse(findings("alert").isEmpty());
    }

    private static List<String> findings(String name, String... mayImport) {
        Set<String> allowed = new LinkedHashSet<>(Arrays.asList("java..", "org.slf4j..", ROOT + "." + name));
        allowed.addAll(Arrays.asList(mayImport));
        JavaClasses classes =
                new ClassFileImporter().importPath(Paths.get("target", "classes", "org", "oozieha", "sla", name));
        ArchRule rule = classes()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(new String[0])));
        return rule.evaluate(classes).getFailureReport().getDetails();
    }
}
