package io.heddle.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.heddle.matrix.FloatMatrix;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests where and how the core uses the Vector API and memory layouts. */
class CoreRulesTest {
    private static final String VECTORS = "jdk.incubator.vector";
    private static final String SPECIES = VECTORS + ".VectorSpecies";
    private static final String KERNELS = "io.heddle.internal.kernels";

    private static JavaClasses core;

    @BeforeAll
    static void read() throws URISyntaxException {
        Path classes = Path.of(FloatMatrix.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        core = new ClassFileImporter().importPath(classes);
        assertThat(core.contain(KERNELS + ".VectorKernels")).isTrue();
    }

    @Test
    void onlyKernelsUseVectors() {
        noClasses()
                .that()
                .resideOutsideOfPackage(KERNELS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(VECTORS)
                .check(core);
    }

    /**
     * Without the vector module, classes that use it cannot be linked, so only the selection of the kernels may
     * reference them.
     */
    @Test
    void onlyTheSelectionOfKernelsUsesVectorKernels() {
        DescribedPredicate<JavaClass> nameVectors =
                describe("name vectors", type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(d -> d.getTargetClass().getPackageName().equals(VECTORS)));
        noClasses()
                .that(DescribedPredicate.not(nameVectors))
                .and()
                .doNotHaveFullyQualifiedName(KERNELS + ".Simd")
                .should()
                .dependOnClassesThat(nameVectors)
                .check(core);
    }

    /** Algorithms use rows and columns. Only matrices and internal packages compute offsets in memory. */
    @Test
    void algorithmsComputeNoByteOffsets() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.heddle.audit..",
                        "io.heddle.cluster..",
                        "io.heddle.decomposition..",
                        "io.heddle.estimator..",
                        "io.heddle.linear..",
                        "io.heddle.metrics..",
                        "io.heddle.neighbors..",
                        "io.heddle.selection..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.ValueLayout.*")
                .check(core);
    }

    /** A species that C2 cannot see as a constant turns every vector into an object: about ten times slower. */
    @Test
    void speciesAndShufflesAreConstants() {
        fields().that()
                .haveRawType(SPECIES)
                .or()
                .haveRawType(VECTORS + ".VectorShuffle")
                .should()
                .beStatic()
                .andShould()
                .beFinal()
                .check(core);
    }

    /**
     * C2 may decide not to inline a method. Then each vector that is passed or returned becomes an object, and a
     * species that is passed is no longer a constant.
     */
    @Test
    void vectorsAreNeitherPassedNorReturned() {
        DescribedPredicate<JavaClass> vectors = describe(
                "vectors, masks or species",
                type -> type.getPackageName().equals(VECTORS)
                        && type.getSimpleName().matches(".*Vector|VectorMask|VectorSpecies"));
        noMethods().should().haveRawReturnType(vectors).check(core);
        noMethods()
                .should()
                .haveRawParameterTypes(
                        describe("vectors, masks or species among them", (List<JavaClass> types) -> types.stream()
                                .anyMatch(vectors)))
                .check(core);
    }

    @Test
    void speciesAreChosenInStaticInitialisersOnly() {
        classes()
                .should(new ArchCondition<>("choose their species in a static initialiser") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                            if (selectsASpecies(access)
                                    && !access.getOrigin().getName().equals("<clinit>")) {
                                events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                            }
                        }
                    }
                })
                .check(core);
    }

    private static boolean selectsASpecies(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        return owner.getPackageName().equals(VECTORS)
                && (name.startsWith("SPECIES_")
                        || owner.getName().equals(SPECIES) && (name.startsWith("of") || name.startsWith("with")));
    }
}
