package io.github.kolors4j;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * What the library shows to a program that uses it, and the page that lists it. The page is made
 * anew with {@code mvn test -Dtest=PublicTypesTest -Dapi.write=true}.
 */
class PublicTypesTest {
  private static final Path PAGE = Path.of("docs/api.md");
  private static final Path SOURCES = Path.of("src/main/java");

  /** Programs beside the library, which nobody calls. */
  private static final Set<String> PROGRAMS =
      Set.of(ArchitectureTest.ROOT + ".kernel", ArchitectureTest.ROOT + ".lab");

  private static final String BEGINNING =
      """
      # The public types

      What a program or a notebook that uses the library calls, room by room. All else is internal
      (`io.github.kolors4j.internal` and what is not public) and may change in any version. This page is made from
      the Javadoc's first sentences by `mvn test -Dtest=PublicTypesTest -Dapi.write=true`; a test fails where it
      differs from the classes.
      """;

  /** A type is public only if all those around it are. */
  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicTypesTest::isPublic).orElse(true);
  }

  private static List<JavaClass> publicTypes() {
    return ArchitectureTest.CLASSES.stream()
        .filter(type -> !ArchitectureTest.isInternal(type))
        .filter(type -> !PROGRAMS.contains(type.getPackageName()))
        .filter(type -> !type.getSimpleName().equals("package-info"))
        .filter(PublicTypesTest::isPublic)
        .toList();
  }

  @Test
  void thePageListsThePublicTypes() throws IOException {
    String page = page();
    if (Boolean.getBoolean("api.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("mvn test -Dtest=PublicTypesTest -Dapi.write=true makes %s anew", PAGE)
        .isEqualTo(page);
  }

  /** One line a type; nested types, which have a point in their names, follow the one around. */
  private static String page() throws IOException {
    Map<String, String> sentences = sentences();
    Map<String, Map<String, String>> rooms = new TreeMap<>();
    for (JavaClass type : publicTypes()) {
      String room = type.getPackageName();
      String name = type.getName().substring(room.length() + 1).replace('$', '.');
      rooms
          .computeIfAbsent(room, any -> new TreeMap<>())
          .put(name, sentences.getOrDefault(room + "." + name, ""));
    }
    StringBuilder page = new StringBuilder(BEGINNING);
    rooms.forEach(
        (room, types) -> {
          page.append("\n## ").append(room).append("\n\n").append(sentences.get(room));
          page.append("\n\n| type | what it is |\n| --- | --- |\n");
          types.forEach(
              (name, sentence) ->
                  page.append("| `%s` | %s |\n".formatted(name, sentence.replace("|", "\\|"))));
        });
    return page.toString();
  }

  /** What the Javadoc of every package and type begins with, by its full name. */
  private static Map<String, String> sentences() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, String> sentences = new HashMap<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> all = Files.walk(SOURCES)) {
      List<Path> sources = all.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new FirstSentences(trees, sentences).scan(unit, "");
      }
    }
    return sentences;
  }

  /** Collects first sentences; the parameter is the name of what is around. */
  private static final class FirstSentences extends TreePathScanner<Void, String> {
    /** A point, but not that of "Ho et al. 2020" or of an initial. */
    private static final Pattern END = Pattern.compile("(?<=\\.)(?<! al\\.)(?<! [A-Z]\\.) ");

    private final DocTrees trees;
    private final Map<String, String> sentences;

    FirstSentences(DocTrees trees, Map<String, String> sentences) {
      this.trees = trees;
      this.sentences = sentences;
    }

    @Override
    public Void visitCompilationUnit(CompilationUnitTree unit, String around) {
      return super.visitCompilationUnit(unit, unit.getPackageName().toString());
    }

    @Override
    public Void visitPackage(PackageTree tree, String around) {
      note(around);
      return null;
    }

    @Override
    public Void visitClass(ClassTree tree, String around) {
      String name = around + "." + tree.getSimpleName();
      note(name);
      return super.visitClass(tree, name);
    }

    private void note(String name) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        String body =
            comment.getFullBody().stream()
                .takeWhile(tree -> !(tree instanceof StartElementTree))
                .map(FirstSentences::markdown)
                .collect(joining());
        sentences.put(
            name, END.split(body.replaceAll("\\s+", " ").strip().replaceAll(":$", "."), 2)[0]);
      }
    }

    private static String markdown(DocTree tree) {
      if (tree instanceof LiteralTree literal) {
        String text = literal.getBody().getBody().strip();
        return literal.getKind() == DocTree.Kind.CODE ? "`" + text + "`" : text;
      }
      if (tree instanceof LinkTree link) {
        return link.getLabel().isEmpty()
            ? "`" + link.getReference().getSignature().replaceAll("^.*\\.(?=[A-Z])|^#", "") + "`"
            : link.getLabel().stream().map(DocTree::toString).collect(joining());
      }
      return tree.toString();
    }
  }

  /**
   * Each is a promise; raise the numbers only for one that a user cannot do without. Sixty; ten of
   * ComfyUI's graphs; four for a word or hypernetwork, and for learning one; one to train all of a
   * UNet, and one for what shows itself as HTML. The theory's own promise less.
   */
  @Test
  void noMoreTypesArePublicThanAUserNeeds() {
    List<JavaClass> all = publicTypes().stream().filter(JavaClass::isTopLevelClass).toList();
    List<JavaClass> theory =
        all.stream()
            .filter(type -> type.getPackageName().equals(ArchitectureTest.ROOT + ".concepts"))
            .toList();
    assertThat(theory).hasSizeLessThanOrEqualTo(33);
    assertThat(all.size() - theory.size()).isLessThanOrEqualTo(76);
  }

  @Test
  void publicTypesSayWhatTheyAre() throws IOException {
    Map<String, String> sentences = sentences();
    assertThat(publicTypes().stream().map(type -> type.getName().replace('$', '.')))
        .allSatisfy(type -> assertThat(sentences.get(type)).as(type).isNotBlank());
  }

  @Test
  void everyPackageSaysWhatMayBeNull() {
    assertThat(ArchitectureTest.CLASSES.stream().map(JavaClass::getPackage).distinct().toList())
        .allMatch(room -> room.isAnnotatedWith(NullMarked.class));
  }

  @Test
  void whatIsThrownAtAUserIsAKolorsException() {
    // A PatternException tells the operators' parameters, which refuse wrong arguments; a Refusal
    // is
    // a server's way out of a request, and never leaves it.
    assertThat(
            ArchitectureTest.CLASSES.stream()
                .filter(type -> type.isAssignableTo(RuntimeException.class))
                .filter(
                    type -> !Set.of("PatternException", "Refusal").contains(type.getSimpleName())))
        .allMatch(type -> type.isAssignableTo(KolorsException.class));
    assertThat(
            publicTypes().stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(method -> method.getThrowsClause().getTypes().stream())
                .filter(type -> type.getPackageName().startsWith(ArchitectureTest.ROOT)))
        .allMatch(type -> type.isAssignableTo(KolorsException.class));
  }
}
