package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.PromptExecution.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Order, kept results and failures, with nodes that only add texts. */
class PromptExecutionTest {
  @TempDir private Path base;
  private PromptExecution execution;
  private static final List<String> CLOSED = new ArrayList<>();
  private static String file = "";

  @BeforeEach
  void open() {
    CLOSED.clear();
    NodeCatalogue.register(new Source());
    NodeCatalogue.register(new Join());
    NodeCatalogue.register(new Out());
    NodeCatalogue.register(new Broken());
    NodeCatalogue.register(new Many());
    execution = new PromptExecution(NodeCatalogue.load(new ComfyFolders(base)));
  }

  @AfterEach
  void close() {
    execution.close();
  }

  /** Something that holds memory. */
  private record Held(String text) implements AutoCloseable {
    @Override
    public void close() {
      CLOSED.add(text);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class Source implements Node {
    @Override
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("TestSource").text("text", "").output("HELD");
    }

    @Override
    public List<Object> run(NodeInputs inputs, NodeContext context) {
      return List.of(new Held(inputs.text("text")));
    }

    @Override
    public String changes(NodeInputs inputs, NodeContext context) {
      return file;
    }
  }

  private static final class Join implements Node {
    @Override
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("TestJoin")
          .input("a", "HELD")
          .input("b", "HELD")
          .optional()
          .flag("twice", false)
          .optional()
          .output("HELD")
          .output("INT");
    }

    @Override
    public List<Object> run(NodeInputs inputs, NodeContext context) {
      String text = inputs.get("a", Held.class).text;
      text += inputs.has("b") ? inputs.get("b", Held.class).text : "";
      return List.of(new Held(inputs.flag("twice") ? text + text : text), (long) text.length());
    }
  }

  private static final class Out implements Node {
    @Override
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("TestOut").input("value", "*").output("HELD").asOutputNode();
    }

    @Override
    public List<Object> run(NodeInputs inputs, NodeContext context) {
      Object value = inputs.get("value", Object.class);
      JsonArray texts = new JsonArray();
      texts.add(value.toString());
      context.show("text", texts);
      return List.of(value);
    }
  }

  private static final class Broken implements Node {
    @Override
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("TestBroken").input("value", "*").output("HELD");
    }

    @Override
    public List<Object> run(NodeInputs inputs, NodeContext context) throws Exception {
      throw new IOException("no such thing");
    }
  }

  private static final class Many implements Node {
    @Override
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("TestMany").listOutput("HELD", "all");
    }

    @Override
    public List<Object> run(NodeInputs inputs, NodeContext context) {
      return List.of(List.of(new Held("x"), new Held("y"), new Held("z")));
    }
  }

  private static JsonObject prompt(String json) {
    return JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject();
  }

  private HeardRun run(Outcome expected, JsonObject prompt, String... targets) {
    HeardRun heard = new HeardRun();
    Outcome outcome = execution.run("p", prompt, new JsonObject(), Set.of(targets), heard);
    assertThat(outcome).isEqualTo(expected);
    return heard;
  }

  private static String shown(HeardRun heard, String node) {
    return heard.executed.get(node).toString();
  }

  private static final String DIAMOND =
      """
      {'9': {'class_type': 'TestOut', 'inputs': {'value': ['4', 0]}},
       '1': {'class_type': 'TestSource', 'inputs': {'text': 'a'}},
       '2': {'class_type': 'TestJoin', 'inputs': {'a': ['1', 0], 'twice': true}},
       '3': {'class_type': 'TestJoin', 'inputs': {'a': ['1', 0]}},
       '4': {'class_type': 'TestJoin', 'inputs': {'a': ['2', 0], 'b': ['3', 0]}},
       '5': {'class_type': 'TestSource', 'inputs': {'text': 'unused'}},
       '8': {'class_type': 'TestOut', 'inputs': {'value': ['3', 0]}}}
      """;

  @Test
  void eachNodeThatAnOutputNeedsIsRunOnceAfterWhatItNeeds() {
    HeardRun heard = run(Outcome.SUCCESS, prompt(DIAMOND), "9");
    assertThat(shown(heard, "9")).isEqualTo("{\"text\":[\"aaa\"]}");
    assertThat(heard.executing).containsExactlyInAnyOrder("1", "2", "3", "4", "9");
    assertThat(heard.executing.indexOf("1")).isZero();
    assertThat(heard.executing.subList(3, 5)).containsExactly("4", "9");
    assertThat(heard.events).startsWith("start", "cached").endsWith("executed 9", "success");
  }

  @Test
  void onlyWhatATargetNeedsIsRunAndOtherResultsAreKept() {
    run(Outcome.SUCCESS, prompt(DIAMOND), "9");
    HeardRun other = run(Outcome.SUCCESS, prompt(DIAMOND), "8");
    assertThat(other.cached).containsExactlyInAnyOrder("1", "2", "3", "4", "9");
    assertThat(other.executing).containsExactly("8");
    HeardRun both = run(Outcome.SUCCESS, prompt(DIAMOND), "8", "9");
    assertThat(both.executing).isEmpty();
    assertThat(both.executed).containsOnlyKeys("8", "9"); // shown again
  }

  @Test
  void aChangedValueRunsWhatDependsOnIt() {
    JsonObject prompt = prompt(DIAMOND);
    run(Outcome.SUCCESS, prompt, "9");
    JsonObject inputs = prompt.getAsJsonObject("3").getAsJsonObject("inputs");
    inputs.add("b", JsonParser.parseString("[\"5\", 0]"));
    HeardRun heard = run(Outcome.SUCCESS, prompt, "9");
    assertThat(heard.executing).containsExactly("5", "3", "4", "9");
    assertThat(shown(heard, "9")).contains("aaaunused");
  }

  /** Two nodes with the same inputs have one result, as in ComfyUI. */
  @Test
  void aNodeThatDoesWhatAnotherDidIsNotRun() {
    JsonObject prompt = prompt(DIAMOND);
    run(Outcome.SUCCESS, prompt, "9");
    prompt.getAsJsonObject("3").getAsJsonObject("inputs").addProperty("twice", true);
    HeardRun heard = run(Outcome.SUCCESS, prompt, "9");
    assertThat(heard.executing).containsExactly("4", "9");
    assertThat(shown(heard, "9")).contains("aaaa");
  }

  @Test
  void aChangedFileRunsTheNodeThatReadsIt() {
    run(Outcome.SUCCESS, prompt(DIAMOND), "8");
    file = "other content";
    assertThat(run(Outcome.SUCCESS, prompt(DIAMOND), "8").executing).containsExactly("1", "3", "8");
    file = "";
  }

  @Test
  void aNodeThatIsRegisteredAnewIsRunAnew() {
    run(Outcome.SUCCESS, prompt(DIAMOND), "8");
    NodeCatalogue.register(new Join());
    assertThat(run(Outcome.SUCCESS, prompt(DIAMOND), "8").executing).containsExactly("3", "8");
  }

  @Test
  void resultsThatNoNodeHasAnyMoreAreClosedOnce() {
    run(Outcome.SUCCESS, prompt(DIAMOND), "9");
    assertThat(CLOSED).isEmpty();
    JsonObject other =
        prompt(
            """
            {'1': {'class_type': 'TestSource', 'inputs': {'text': 'a'}},
             '3': {'class_type': 'TestJoin', 'inputs': {'a': ['1', 0]}},
             '8': {'class_type': 'TestOut', 'inputs': {'value': ['3', 0]}}}
            """);
    run(Outcome.SUCCESS, other, "8");
    assertThat(CLOSED).containsExactlyInAnyOrder("aa", "aaa"); // 2's and 4's, which 9 passed on
    execution.close();
    assertThat(CLOSED).containsExactlyInAnyOrder("aa", "aaa", "a", "a");
  }

  @Test
  void keptResultsAreBoundedAndWhatIsNeededStaysMeanwhile() {
    try (PromptExecution small =
        new PromptExecution(NodeCatalogue.load(new ComfyFolders(base)), 1)) {
      HeardRun heard = new HeardRun();
      small.run("p", prompt(DIAMOND), new JsonObject(), Set.of("9"), heard);
      assertThat(shown(heard, "9")).contains("aaa");
      assertThat(small.keptResults()).isZero();
      assertThat(CLOSED).containsExactlyInAnyOrder("a", "aa", "a", "aaa");
    }
  }

  @Test
  void aNodeThatFailsIsNamedWithItsMessageAndWhatHadBeenRun() {
    JsonObject prompt = prompt(DIAMOND);
    prompt.getAsJsonObject("2").addProperty("class_type", "TestBroken");
    prompt.getAsJsonObject("2").add("inputs", JsonParser.parseString("{\"value\": [\"1\", 0]}"));
    HeardRun heard = run(Outcome.ERROR, prompt, "9");
    assertThat(heard.events).endsWith("error 2");
    assertThat(heard.failure).isNotNull();
    assertThat(heard.failure.nodeType()).isEqualTo("TestBroken");
    assertThat(heard.failure.message()).isEqualTo("no such thing");
    assertThat(heard.failure.exceptionType()).isEqualTo("java.io.IOException");
    assertThat(heard.failure.executed()).contains("1").doesNotContain("2", "9");
    assertThat(heard.failure.traceback().get(0)).contains("PromptExecutionTest").endsWith("\n");
    assertThat(heard.failure.inputs().toString()).contains("\"value\":[\"a\"]");
    HeardRun after = run(Outcome.SUCCESS, prompt(DIAMOND), "9");
    assertThat(after.executing).doesNotContain("1");
  }

  @Test
  void aWrongGraphFailsWithoutHarm() {
    JsonObject circle = prompt(DIAMOND);
    circle
        .getAsJsonObject("3")
        .getAsJsonObject("inputs")
        .add("b", JsonParser.parseString("[\"4\", 0]"));
    assertThat(run(Outcome.ERROR, circle, "9").failure.message()).contains("need each other");
    JsonObject missing = prompt(DIAMOND);
    missing.remove("3");
    assertThat(run(Outcome.ERROR, missing, "9").failure.message()).contains("#3");
    JsonObject unknown = prompt(DIAMOND);
    unknown.getAsJsonObject("3").addProperty("class_type", "NoSuchNode");
    HeardRun heard = run(Outcome.ERROR, unknown, "9");
    assertThat(heard.failure.exceptionType()).isEqualTo(WorkflowException.class.getName());
    run(Outcome.SUCCESS, prompt(DIAMOND), "9");
  }

  /** As ComfyUI does with {@code OUTPUT_IS_LIST}. */
  @Test
  void aListIsTakenOneAfterTheOther() {
    JsonObject prompt =
        prompt(
            """
            {'1': {'class_type': 'TestMany', 'inputs': {}},
             '2': {'class_type': 'TestSource', 'inputs': {'text': '!'}},
             '3': {'class_type': 'TestJoin', 'inputs': {'a': ['1', 0], 'b': ['2', 0]}},
             '9': {'class_type': 'TestOut', 'inputs': {'value': ['3', 0]}}}
            """);
    HeardRun heard = run(Outcome.SUCCESS, prompt, "9");
    assertThat(shown(heard, "9")).isEqualTo("{\"text\":[\"x!\",\"y!\",\"z!\"]}");
  }

  @Test
  void aChainOfThousandsOfNodesIsRun() {
    JsonObject prompt = prompt("{'0': {'class_type': 'TestSource', 'inputs': {'text': 'a'}}}");
    for (int i = 1; i <= 5000; i++) {
      JsonObject node =
          prompt("{'class_type': 'TestJoin', 'inputs': {'a': ['%d', 0]}}".formatted(i - 1));
      prompt.add(String.valueOf(i), node);
    }
    prompt.add("out", prompt("{'class_type': 'TestOut', 'inputs': {'value': ['5000', 1]}}"));
    assertThat(shown(run(Outcome.SUCCESS, prompt, "out"), "out")).contains("[\"1\"]");
  }

  @Test
  void anInterruptBetweenRunsTouchesNone() {
    execution.interrupt();
    assertThat(execution.interrupt("p")).isFalse();
    run(Outcome.SUCCESS, prompt(DIAMOND), "9");
  }
}
