package io.github.kolors4j;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The packages and who may call whom: a room calls those on lower floors only. A room is a package
 * and what stands below {@code internal} under the same name.
 */
class ArchitectureTest {
  static final String ROOT = "io.github.kolors4j";

  /** From the ground up. Packages of one floor do not call each other. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("tensor", "files", "progress"),
          Set.of("image"),
          Set.of("weights", "hub"),
          Set.of("model", "scheduler", "dataset", "launch"),
          Set.of("lora", "juicer"),
          Set.of("pipeline"),
          Set.of("training"),
          Set.of("charts"),
          Set.of("comfy", "concepts"),
          Set.of("notebook", "cli"),
          Set.of("kernel", "lab"));

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  static boolean isInternal(JavaClass type) {
    return (type.getPackageName() + ".").startsWith(ROOT + ".internal.");
  }

  @Test
  void aPackageCallsLowerFloorsOnly() {
    List<String> lower = new ArrayList<>(List.of(ROOT, ROOT + ".internal"));
    for (Set<String> floor : FLOORS) {
      for (String room : floor) {
        List<String> own = List.of(ROOT + "." + room + "..", ROOT + ".internal." + room + "..");
        List<String> allowed = new ArrayList<>(lower);
        allowed.addAll(own);
        classes()
            .that()
            .resideInAnyPackage(own.toArray(String[]::new))
            .should()
            .onlyDependOnClassesThat(
                resideOutsideOfPackage(ROOT + "..")
                    .or(resideInAnyPackage(allowed.toArray(String[]::new))))
            .check(CLASSES);
      }
      for (String room : floor) {
        lower.add(ROOT + "." + room + "..");
        lower.add(ROOT + ".internal." + room + "..");
      }
    }
  }

  @Test
  void onlyTheKernelIsCompiledAgainstIJavaAndJJava() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".kernel..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.github.spencerpark..", "org.dflib.jjava..", "org.zeromq..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".kernel..")
        .and()
        .doNotHaveSimpleName("JJavaExtension") // JJava finds it in the library's jar
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(resideOutsideOfPackage(ROOT + ".kernel.."))
                .and(resideOutsideOfPackage(ROOT + ".internal.launch")))
        .check(CLASSES);
  }

  /** So that where PyTorch is missing, what to add is said. */
  @Test
  void onlyOneClassAsksForTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".internal.tensor")
        .should()
        .callMethod(NDManager.class, "newBaseManager")
        .orShould()
        .callMethod(NDManager.class, "newBaseManager", Device.class)
        .orShould()
        .callMethod(NDManager.class, "newBaseManager", String.class)
        .orShould()
        .callMethod(NDManager.class, "newBaseManager", Device.class, String.class)
        .orShould()
        .callMethod(Engine.class, "getInstance")
        .orShould()
        .callMethod(Engine.class, "getEngine", String.class)
        .because("PyTorch.engine and PyTorch.manager say what to add where it is missing")
        .check(CLASSES);
  }

  /**
   * DJL closes the number's buffer, which is Java's, when the call returns; PyTorch reads it again
   * in the backward pass.
   */
  @Test
  void whatIsTrainedNeverMultipliesByANumberOfDjl() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".internal.model..",
            ROOT + ".internal.lora..",
            ROOT + ".internal.training..",
            ROOT + ".training..",
            ROOT + ".concepts..",
            ROOT + ".internal.concepts..",
            ROOT + ".lab..")
        .and()
        .doNotHaveSimpleName("TiledDecoding") // nobody trains through it
        .and()
        .doNotHaveSimpleName("ChatGlm") // clips numbers of tokens
        .should()
        .callMethod(NDArray.class, "mul", Number.class)
        .orShould()
        .callMethod(NDArray.class, "div", Number.class)
        .orShould()
        .callMethod(NDArray.class, "pow", Number.class)
        .orShould()
        .callMethod(NDArray.class, "clip", Number.class, Number.class)
        .because("TensorOperators.scale and clamp let gradients through")
        .check(CLASSES);
  }

  @Test
  void everyPackageHasAFloor() {
    Set<String> rooms =
        CLASSES.stream()
            .map(c -> c.getPackageName().substring(ROOT.length()))
            .map(name -> name.replaceFirst("^\\.internal", ""))
            .filter(name -> !name.isEmpty())
            .map(name -> name.substring(1).split("\\.")[0])
            .collect(Collectors.toSet());
    assertThat(FLOORS.stream().flatMap(Set::stream).toList()).containsAll(rooms);
  }
}
