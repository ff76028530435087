package org.oozieha;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which package may import what: one row for each package below a root, and nothing outside the rows. */
final class PackageTable {
    private static final String[] EVERYWHERE = {
        "java..",
        "javax.crypto..",
        "javax.management..",
        "javax.net..",
        "javax.security..",
        "javax.sql..",
        "javax.xml..",
        "org.ietf.jgss..",
        "org.w3c.dom..",
        "org.xml.sax..",
        "org.slf4j.."
    };

    private final String root;
    private final Map<String, String[]> rows = new LinkedHashMap<>();

    private PackageTable(String root) {
        this.root = root;
    }

    /** The table of the pack; the root differs in tests that show that a row can be violated. */
    static PackageTable below(String root) {
        PackageTable table = new PackageTable(root);
        table.row("cluster");
        table.row("cluster.memory", "cluster");
        table.row("cluster.zookeeper", "cluster", "org.apache.curator..", "org.apache.zookeeper..");
        table.row("lock", "cluster");
        table.row("id", "cluster");
        table.row("partition", "cluster");
        table.row("fence", "cluster", "lock", "javax.persistence..", "org.apache.openjpa.persistence..");
        table.row("takeover", "cluster", "partition");
        table.row("http", "org.apache.hadoop.security.authentication..");
        table.row("log", "cluster", "http");
        table.row("config", "org.apache.commons.configuration..", "org.apache.hadoop.conf..");
        table.row(
                "service",
                "cluster",
                "cluster.zookeeper",
                "lock",
                "id",
                "partition",
                "fence",
                "takeover",
                "http",
                "log",
                "config",
                "org.apache.oozie..",
                "org.apache.hadoop..",
                "javax.persistence..",
                "javax.servlet..");
        table.row(
                "cli",
                "cluster",
                "cluster.zookeeper",
                "lock",
                "id",
                "partition",
                "fence",
                "takeover",
                "http",
                "log",
                "config",
                "service",
                "org.apache.hadoop.conf..",
                "picocli..");
        return table;
    }

    private void row(String name, String... mayImport) {
        rows.put(name, mayImport);
    }

    /** A rule for each row, and one that finds classes outside every row. */
    List<ArchRule> rules() {
        List<ArchRule> rules = new ArrayList<>();
        rows.forEach((name, mayImport) -> rules.add(rule(name, mayImport)));
        rules.add(noClasses()
                .should()
                .resideOutsideOfPackages(
                        rows.keySet().stream().map(this::inRoot).toArray(String[]::new))
                .because("every package has a row in the package table")
                .allowEmptyShould(true));
        return rules;
    }

    private ArchRule rule(String name, String... mayImport) {
        List<String> allowed = new ArrayList<>(Arrays.asList(EVERYWHERE));
        allowed.add(inRoot(name));
        for (String other : mayImport) {
            allowed.add(rows.containsKey(other) ? inRoot(other) : other);
        }
        return classes()
                .that()
                .resideInAPackage(inRoot(name))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(new String[0])))
                .as(name + " imports only " + Arrays.toString(mayImport))
                .allowEmptyShould(true);
    }

    private String inRoot(String name) {
        return root + "." + name;
    }
}
