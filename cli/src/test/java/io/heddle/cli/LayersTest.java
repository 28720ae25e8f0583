package io.heddle.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.heddle.cnn.Encoder;
import io.heddle.matrix.FloatMatrix;
import java.net.URL;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tests that only the command line prints or ends the process, and that packages depend on each other in one direction.
 */
class LayersTest {
    /** The packages that use the terminal. */
    private static final String[] COMMAND_LINE = {
        "io.heddle.cli",
        "io.heddle.cli.command",
        "io.heddle.cli.models",
        "io.heddle.cli.options",
        "io.heddle.cli.output",
        "io.heddle.cli.terminal"
    };

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        List<URL> places = Stream.of(HeddleCommand.class, Encoder.class, FloatMatrix.class)
                .map(c -> c.getProtectionDomain().getCodeSource().getLocation())
                .toList();
        classes = new ClassFileImporter().importUrls(places);
        // If the importer could not read the class files, all rules would pass.
        assertThat(classes.contain(Encoder.class)).isTrue();
        assertThat(classes.contain(FloatMatrix.class)).isTrue();
        assertThat(classes.stream().map(JavaClass::getPackageName))
                .contains("io.heddle.cli.study", "io.heddle.linear", "io.heddle.cluster");
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages(COMMAND_LINE)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(classes);
    }

    @Test
    void onlyTheCommandLineEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackages(COMMAND_LINE)
                .should()
                .callMethodWhere(target(owner(name("java.lang.System"))).and(target(name("exit"))))
                .orShould()
                .callMethodWhere(target(owner(name("java.lang.Runtime"))).and(target(name("halt"))))
                .check(classes);
    }

    @Test
    void useCasesDoNotUseTheTerminal() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.heddle.cli.study",
                        "io.heddle.cli.catalogue",
                        "io.heddle.cli.decisions",
                        "io.heddle.cli.report")
                .should()
                .dependOnClassesThat(resideInAnyPackage(COMMAND_LINE).or(resideInAPackage("picocli..")))
                .check(classes);
    }

    @Test
    void theStudyDoesNotUseItsReport() {
        noClasses()
                .that()
                .resideInAPackage("io.heddle.cli.study")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.heddle.cli.report..")
                .check(classes);
    }

    @Test
    void packagesOfTheProgramHaveNoCycles() {
        slices().matching("io.heddle.cli.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theEngineDoesNotUseTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.heddle.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.heddle.cli..")
                .check(classes);
    }
}
