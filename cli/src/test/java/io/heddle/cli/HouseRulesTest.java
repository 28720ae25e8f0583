package io.heddle.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.heddle.cnn.Encoder;
import io.heddle.data.DataSource;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.PartitionedRows;
import io.heddle.matrix.FloatMatrix;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URL;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the rules for all classes of core, data, cnn and cli. */
@Tag("slow")
class HouseRulesTest {
    /** Excludes int and double[], which are in no package. */
    private static final DescribedPredicate<JavaClass> ARE_NAMED_TYPES =
            describe("are named types", type -> !type.getBaseComponentType().isPrimitive());

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        List<URL> places = Stream.of(HeddleCommand.class, DataSource.class, Encoder.class, FloatMatrix.class)
                .map(c -> c.getProtectionDomain().getCodeSource().getLocation())
                .toList();
        classes = new ClassFileImporter().importUrls(places);
        assertThat(classes.stream().map(JavaClass::getPackageName))
                .contains("io.heddle.cli", "io.heddle.cnn", "io.heddle.data", "io.heddle.internal.kernels");
    }

    @Test
    void classesAreNamedAfterTheirPurpose() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .check(classes);
    }

    @Test
    void onlyKernelsUseVectors() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.heddle.internal.kernels")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(classes);
    }

    @Test
    void coreUsesNoThirdPartyButFastutil() {
        JavaClasses core = new ClassFileImporter()
                .importUrl(
                        FloatMatrix.class.getProtectionDomain().getCodeSource().getLocation());
        noClasses()
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                                "io.heddle..", "java..", "jdk.incubator.vector..", "it.unimi.dsi.fastutil..")
                        .and(ARE_NAMED_TYPES))
                .check(core);
    }

    /**
     * Spark sends the tasks of a fit and their results between its own processes. They are records, whose constructors
     * run when they are received, and no code of Heddle reads a serialized object.
     */
    @Test
    void nothingIsSerializedByJava() {
        noClasses()
                .that(describe("are not tasks of partitions", type -> !(type.isRecord() && isOfPartitions(type))))
                .and()
                .areNotAssignableTo(PartitionedRows.Task.class)
                .and()
                .areNotAssignableTo(Throwable.class)
                .and()
                .areNotEnums()
                .and()
                .areNotAssignableTo(Enum.class)
                .should()
                .beAssignableTo(Serializable.class)
                .check(classes);
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .check(classes);
    }

    private static boolean isOfPartitions(JavaClass type) {
        return type.getPackageName().equals(LogisticRegression.class.getPackageName())
                && type.getSimpleName().matches("PartitionSetup|Part|Piece");
    }
}
