package io.heddle.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tests that this module uses only the packages of the core that docs/engine.md lists. The module system does not check
 * this on a class path.
 */
class SparkRulesTest {
    private static final String ROOT = "io.heddle";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void onlyTheListedPackagesOfTheCoreAreUsed() throws Exception {
        Set<String> used = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String name = dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (name.startsWith(ROOT) && !name.startsWith(ROOT + ".spark")) {
                    used.add(name.substring(ROOT.length() + 1));
                }
            }
        }
        Matcher row = Pattern.compile("^\\| `io\\.heddle\\.spark` \\| .* It uses ([a-z., ]+) \\|$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../../docs/engine.md")));
        assertThat(row.find()).isTrue();
        assertThat(used).containsExactly(row.group(1).split(", "));
    }

    @Test
    void partitionsUseNoAlgorithm() {
        noClasses()
                .that()
                .resideInAPackage("io.heddle.spark.partition")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.heddle.spark", "io.heddle.cluster..", "io.heddle.decomposition..", "io.heddle.linear..")
                .check(CLASSES);
    }

    @Test
    void classesAreNamedAfterTheirPurpose() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .check(CLASSES);
    }
}
