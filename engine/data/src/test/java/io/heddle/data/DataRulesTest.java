package io.heddle.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** Tests the dependencies between the packages of this module, and that every format is found. */
class DataRulesTest {
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void formatsHaveNoCycles() {
        JavaClasses classes = new ClassFileImporter().importPath(CLASSES);
        assertThat(classes.contain("io.heddle.data.csv.CsvFormat")).isTrue();
        slices().matching("io.heddle.data.(*)..").should().beFreeOfCycles().check(classes);
    }

    /** A new format is one class and changes nothing else. */
    @Test
    void sharedClassesUseNoFormat() {
        noClasses()
                .that()
                .resideInAPackage("io.heddle.data")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.heddle.data.*..")
                .check(new ClassFileImporter().importPath(CLASSES));
    }

    /** The module path uses one list, the class path the other. */
    @Test
    void bothListsOfFormatsAgree() throws IOException {
        List<String> services = Files.readAllLines(CLASSES.resolve("META-INF/services/io.heddle.data.DataFormat"));
        List<String> provided;
        try (var file = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            provided = ModuleDescriptor.read(file).provides().iterator().next().providers();
        }
        assertThat(services).containsExactlyElementsOf(provided);
        assertThat(ServiceLoader.load(DataFormat.class, DataFormat.class.getClassLoader()))
                .extracting(format -> format.getClass().getName())
                .containsExactlyInAnyOrderElementsOf(provided);
    }
}
