package org.oozieha.sharelib;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Paths;
import org.junit.Test;

/** Which package may import what. */
public final class ArchitectureTest {
    private final JavaClasses main = new ClassFileImporter().importPath(Paths.get("target", "classes"));

    @Test
    public void which_version_is_served_is_decided_without_oozie_hadoop_and_zookeeper() {
        classes()
                .that()
                .resideInAPackage("org.oozieha.sharelib.version")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.slf4j..", "org.oozieha.cluster", "org.oozieha.sharelib.version")
                .check(main);
    }

    @Test
    public void the_adapter_sees_the_cluster_only_through_its_seam() {
        classes()
                .that()
                .resideInAPackage("org.oozieha.sharelib")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.persistence..",
                        "org.slf4j..",
                        "org.apache.oozie..",
                        "org.apache.hadoop..",
                        "org.oozieha.cli",
                        "org.oozieha.cluster",
                        "org.oozieha.config",
                        "org.oozieha.service",
                        "org.oozieha.sharelib..")
                .check(main);
    }

    @Test
    public void time_comes_by_constructor_and_a_wait_has_a_condition() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(main);
    }
}
