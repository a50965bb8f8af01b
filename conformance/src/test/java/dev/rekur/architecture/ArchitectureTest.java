package dev.rekur.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Who may depend on whom, and on what nobody may: docs/ARCHITECTURE.md. */
@AnalyzeClasses(packages = "dev.rekur", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** dev.rekur.format itself is how formats register, and part of the engine; what stands below it is the importer. */
    private static final String[] RUNTIME = {
        "dev.rekur",
        "dev.rekur.error..",
        "dev.rekur.file..",
        "dev.rekur.tensor..",
        "dev.rekur.kernel..",
        "dev.rekur.layer..",
        "dev.rekur.graph..",
        "dev.rekur.model..",
        "dev.rekur.plan..",
        "dev.rekur.inference..",
        "dev.rekur.format"
    };

    private static final DescribedPredicate<JavaClass> TRAINING =
            resideInAPackage("dev.rekur.training..").as("the training");

    private static final DescribedPredicate<JavaClass> IMPORTER = resideInAPackage("dev.rekur.format..")
            .and(DescribedPredicate.not(resideInAPackage("dev.rekur.format")))
            .as("the importer");

    private static final DescribedPredicate<JavaClass> ENGINE =
            resideInAnyPackage(RUNTIME).as("the runtime");

    private static final String WATCHING = "dev\\.rekur\\.server\\.(Training)?Watch.*";

    private static DescribedPredicate<JavaClass> others(String... packages) {
        return resideInAPackage("dev.rekur..").and(DescribedPredicate.not(resideInAnyPackage(packages)));
    }

    /** What every class may use: Java itself, and what tells of it. */
    private static final DescribedPredicate<JavaClass> JAVA_AND_SLF4J = resideInAnyPackage(
                    "java..", "org.slf4j", "org.jspecify.annotations")
            .or(new DescribedPredicate<>("are primitive") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getBaseComponentType().isPrimitive();
                }
            });

    @ArchTest
    static final ArchRule NO_PACKAGES_GO_IN_CIRCLES =
            slices().assignedFrom(new EachPackage()).should().beFreeOfCycles();

    /** Each package is a slice of its own, apart from those below it. */
    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith("dev.rekur")
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    @ArchTest
    static final ArchRule NO_PARTS_GO_IN_CIRCLES =
            slices().matching("dev.rekur.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_RUNTIME_NEEDS_JAVA_AND_SLF4J_ALONE = classes()
            .that(ENGINE)
            .should()
            .onlyDependOnClassesThat(ENGINE.or(JAVA_AND_SLF4J).or(resideInAPackage("com.sun.management")));

    @ArchTest
    static final ArchRule TRAINING_NEEDS_THE_RUNTIME_JAVA_AND_SLF4J_ALONE = classes()
            .that(TRAINING)
            .should()
            .onlyDependOnClassesThat(TRAINING.or(ENGINE).or(JAVA_AND_SLF4J));

    @ArchTest
    static final ArchRule KERNELS_KNOW_TENSORS_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.rekur.kernel..")
            .should()
            .dependOnClassesThat(others("dev.rekur.error..", "dev.rekur.kernel..", "dev.rekur.tensor.."));

    @ArchTest
    static final ArchRule TENSORS_KNOW_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("dev.rekur.tensor..")
            .should()
            .dependOnClassesThat(others("dev.rekur.tensor.."));

    @ArchTest
    static final ArchRule LAYERS_KNOW_NEITHER_GRAPHS_NOR_FILES = noClasses()
            .that()
            .resideInAPackage("dev.rekur.layer..")
            .should()
            .dependOnClassesThat(
                    others("dev.rekur.error..", "dev.rekur.kernel..", "dev.rekur.tensor..", "dev.rekur.layer.."));

    @ArchTest
    static final ArchRule GRAPHS_KNOW_NEITHER_WEIGHTS_NOR_ARITHMETIC = noClasses()
            .that()
            .resideInAPackage("dev.rekur.graph..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.rekur.model..",
                    "dev.rekur.plan..",
                    "dev.rekur.inference..",
                    "dev.rekur.kernel..",
                    "dev.rekur.format..");

    @ArchTest
    static final ArchRule PLANS_KNOW_NO_FILES = noClasses()
            .that()
            .resideInAPackage("dev.rekur.inference..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rekur.format..");

    @ArchTest
    static final ArchRule TRAINING_KNOWS_NO_LAYER = noClasses()
            .that()
            .resideInAPackage("dev.rekur.training..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rekur.layer.*..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule SIMD_NEEDS_THE_RUNTIME_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.rekur.simd..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.rekur..")
                    .and(DescribedPredicate.not(ENGINE.or(resideInAPackage("dev.rekur.simd..")))));

    @ArchTest
    static final ArchRule ONLY_SIMD_SEES_THE_VECTOR_API = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rekur.simd..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator..");

    @ArchTest
    static final ArchRule THE_IMPORTER_NEEDS_THE_RUNTIME_ALONE = noClasses()
            .that(IMPORTER)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.rekur..").and(DescribedPredicate.not(ENGINE.or(IMPORTER))));

    @ArchTest
    static final ArchRule CHARTS_NEED_RUNTIME_AND_TRAINING_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.rekur.charts..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.rekur..")
                    .and(DescribedPredicate.not(ENGINE.or(TRAINING).or(resideInAPackage("dev.rekur.charts..")))));

    @ArchTest
    static final ArchRule ONLY_CHARTS_DRAW = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rekur.charts..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.awt..", "javax.imageio..", "org.knowm.xchart..", "de.erichseifert..");

    @ArchTest
    static final ArchRule THE_SERVER_NEEDS_RUNTIME_AND_IMPORTER_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.rekur.server..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.rekur.cli..", "dev.rekur.simd..", "dev.rekur.charts..", "dev.rekur.benchmark..");

    /** Who only serves does not have the artifact. */
    @ArchTest
    static final ArchRule ONLY_WHAT_WATCHES_TRAININGS_NEEDS_THEM = noClasses()
            .that()
            .resideInAPackage("dev.rekur.server..")
            .and()
            .haveNameNotMatching("dev\\.rekur\\.server\\.(TrainingWatch|WatchEvents)(\\$.*)?")
            .should()
            .dependOnClassesThat(TRAINING);

    /** Nor does anything that serves lead there. */
    @ArchTest
    static final ArchRule WHAT_SERVES_DOES_NOT_KNOW_WHAT_WATCHES = noClasses()
            .that()
            .resideInAPackage("dev.rekur.server..")
            .and()
            .haveNameNotMatching(WATCHING)
            .should()
            .dependOnClassesThat()
            .haveNameMatching(WATCHING);

    @ArchTest
    static final ArchRule NOBODY_NEEDS_THE_COMMAND_LINE_OR_THE_BENCHMARKS = noClasses()
            .that()
            .resideOutsideOfPackages("dev.rekur.cli..", "dev.rekur.benchmark..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.rekur.cli..", "dev.rekur.benchmark..", "dev.rekur.conformance..", "dev.rekur.architecture..");

    @ArchTest
    static final ArchRule NOTHING_IS_DESERIALIZED_BY_JAVA =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream");

    @ArchTest
    static final ArchRule NO_CLASS_IS_LOADED_BY_NAME = noClasses()
            .should()
            .callMethod(Class.class, "forName", String.class)
            .orShould()
            .callMethod(Class.class, "forName", String.class, boolean.class, ClassLoader.class)
            .orShould()
            .callMethod(ClassLoader.class, "loadClass", String.class);

    @ArchTest
    static final ArchRule THERE_IS_NO_REFLECTION = noClasses()
            .that()
            // opens a file descriptor that its parent process inherited to it, which Java has no other way to do
            .doNotHaveFullyQualifiedName("dev.rekur.cli.StandardError")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.reflect..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_ENDS_THE_JVM = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rekur.cli..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rekur.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Base|Data|Info)");
}
