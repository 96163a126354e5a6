package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Validates nodes with all that they are linked to. ComfyUI goes by recursion; here a stack of its
 * own takes chains of any length.
 */
final class NodeValidation {
  /** How many nodes of a circle are named: the error stands at each of them. */
  private static final int MOST_NAMED = 100;

  private final JsonObject prompt;
  private final Declarations declarations;
  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private final Deque<Visit> stack = new ArrayDeque<>();
  private final Set<String> visiting = new LinkedHashSet<>();

  NodeValidation(JsonObject prompt, Declarations declarations) {
    this.prompt = prompt;
    this.declarations = declarations;
  }

  /**
   * What was found about a node.
   *
   * @param valid false also where only a node before it is wrong
   */
  record Finding(boolean valid, JsonArray errors) {}

  /** A node whose inputs are being gone through. */
  private static final class Visit {
    final String id;
    final JsonArray errors = new JsonArray();
    final List<DeclaredInput> declared = new ArrayList<>();
    JsonObject inputs = new JsonObject();
    @Nullable InputChecks checks;
    Iterator<DeclaredInput> left = List.<DeclaredInput>of().iterator();
    boolean valid = true;

    /** The input on whose account another node is being visited, and that node. */
    @Nullable DeclaredInput waiting;

    @Nullable String linked;

    Visit(String id) {
      this.id = id;
    }
  }

  Map<String, Finding> findings() {
    return findings;
  }

  /** Validates an output node, unless that was done already. */
  Finding validate(String output) {
    Finding known = findings.get(output);
    if (known != null) {
      return known;
    }
    push(output);
    while (!stack.isEmpty()) {
      Visit visit = stack.getLast();
      try {
        goOn(visit);
      } catch (PythonError e) {
        pop();
        fail(visit, e);
      }
    }
    return findings.getOrDefault(output, new Finding(true, new JsonArray()));
  }

  private void push(String id) {
    stack.addLast(new Visit(id));
    visiting.add(id);
  }

  private void pop() {
    visiting.remove(stack.removeLast().id);
  }

  private void open(Visit visit) throws PythonError {
    JsonObject node = prompt.getAsJsonObject(visit.id);
    JsonElement inputs = node.get("inputs");
    if (inputs == null) {
      throw new PythonError("KeyError", "'inputs'");
    }
    if (!(inputs instanceof JsonObject object)) {
      throw new PythonError(
          "TypeError",
          "the inputs of a node must be an object, not '%s'"
              .formatted(PythonText.typeName(inputs)));
    }
    JsonObject declaration = declaration(visit.id);
    visit.inputs = object;
    visit.declared.addAll(DeclaredInput.of(declaration));
    visit.checks = declarations.checks(classType(visit.id));
    visit.left = visit.declared.iterator();
  }

  private String classType(String id) {
    return prompt.getAsJsonObject(id).get("class_type").getAsString();
  }

  private JsonObject declaration(String id) {
    JsonObject declaration = declarations.declaration(classType(id));
    return declaration == null ? new JsonObject() : declaration;
  }

  /** Goes through inputs until another node must be visited first, or all are done. */
  private void goOn(Visit visit) throws PythonError {
    if (visit.declared.isEmpty()) {
      open(visit);
    }
    if (visit.linked != null) {
      Finding finding = findings.get(visit.linked);
      visit.valid &= finding == null || finding.valid();
      visit.linked = null;
      visit.waiting = null;
    }
    while (visit.left.hasNext()) {
      DeclaredInput input = visit.left.next();
      if (!visit.inputs.has(input.name())) {
        if (input.required()) {
          visit.errors.add(
              ValidationError.of(
                  "required_input_missing",
                  "Required input is missing",
                  input.name(),
                  ValidationError.inputInfo(input)));
        }
        continue;
      }
      if (visit.inputs.get(input.name()) instanceof JsonArray link) {
        if (follow(visit, input, link)) {
          return;
        }
        continue;
      }
      boolean own = visit.checks != null && visit.checks.checkedInputs().contains(input.name());
      JsonObject error = InputValidation.check(input, visit.inputs, own);
      if (error != null) {
        visit.errors.add(error);
      }
    }
    finish(visit);
  }

  private void finish(Visit visit) {
    if (visit.checks != null) {
      InputValidation.ownCheck(visit.checks, visit.declared, visit.inputs)
          .forEach(visit.errors::add);
    }
    pop();
    // A circle that was found on the way may have put an error there.
    Finding before = findings.getOrDefault(visit.id, new Finding(true, new JsonArray()));
    boolean valid = before.valid() && visit.valid && visit.errors.isEmpty();
    for (JsonElement error : visit.errors) {
      if (!before.errors().contains(error)) {
        before.errors().add(error);
      }
    }
    findings.put(visit.id, new Finding(valid, before.errors()));
  }

  /**
   * Checks a link.
   *
   * @return whether the node that it comes from is to be visited before going on
   */
  private boolean follow(Visit visit, DeclaredInput input, JsonArray link) throws PythonError {
    if (link.size() != 2) {
      visit.errors.add(
          ValidationError.ofInput(
              "bad_linked_input",
              "Bad linked input, must be a length-2 list of [node_id, slot_index]",
              input.name(),
              input,
              input.config(),
              link));
      return false;
    }
    String origin = origin(link.get(0));
    JsonElement given = outputType(origin, link.get(1));
    if (!input.takes(given)) {
      JsonObject extra = ValidationError.inputInfo(input);
      extra.add("input_config", input.config());
      extra.add("received_type", given);
      extra.add("linked_node", link);
      visit.errors.add(
          ValidationError.of(
              "return_type_mismatch",
              "Return type mismatch between linked nodes",
              "%s, received_type(%s) mismatch input_type(%s)"
                  .formatted(input.name(), PythonText.str(given), PythonText.str(input.type())),
              extra));
      return false;
    }
    Finding known = findings.get(origin);
    if (known != null) {
      visit.valid &= known.valid();
      return false;
    }
    if (visiting.contains(origin)) {
      circle(origin);
      visit.valid = false;
      return false;
    }
    visit.waiting = input;
    visit.linked = origin;
    push(origin);
    return true;
  }

  private String origin(JsonElement id) throws PythonError {
    if (id instanceof JsonArray || id instanceof JsonObject) {
      throw new PythonError(
          "TypeError", "unhashable type: '%s'".formatted(PythonText.typeName(id)));
    }
    if (id instanceof JsonPrimitive text && text.isString() && prompt.has(text.getAsString())) {
      return text.getAsString();
    }
    throw new PythonError("KeyError", PythonText.repr(ValidationError.quotable(id)));
  }

  private JsonElement outputType(String origin, JsonElement slot) throws PythonError {
    boolean whole = slot instanceof JsonPrimitive number && PythonNumbers.isWhole(number);
    if (!whole) {
      throw new PythonError(
          "TypeError",
          "tuple indices must be integers or slices, not " + PythonText.typeName(slot));
    }
    JsonArray outputs = JsonShape.list(declaration(origin), "output");
    int index = JsonShape.integer(slot, -1);
    if (index < 0 || index >= outputs.size()) {
      throw new PythonError("IndexError", "tuple index out of range");
    }
    return outputs.get(index);
  }

  private void circle(String origin) {
    List<String> path = new ArrayList<>(visiting);
    path = new ArrayList<>(path.subList(path.indexOf(origin), path.size()));
    path.forEach(id -> findings.put(id, new Finding(false, new JsonArray())));
    path = new ArrayList<>(path.subList(0, Math.min(path.size(), MOST_NAMED)));
    JsonArray nodes = new JsonArray();
    path.forEach(nodes::add);
    path.add(origin);
    String details =
        path.stream()
            .map(id -> "%s (%s)".formatted(id, classType(id)))
            .collect(Collectors.joining(" -> "));
    for (JsonElement node : nodes) {
      JsonObject extra = new JsonObject();
      extra.add("node_id", node);
      extra.add("cycle_nodes", nodes);
      JsonArray errors = new JsonArray();
      errors.add(
          ValidationError.of("dependency_cycle", "Dependency cycle detected", details, extra));
      findings.put(node.getAsString(), new Finding(false, errors));
    }
  }

  /** What ComfyUI fails at itself counts against the node; the one before goes on. */
  private void fail(Visit failed, PythonError error) {
    JsonArray errors = new JsonArray();
    Visit parent = stack.peekLast();
    if (parent == null || parent.waiting == null) {
      JsonObject extra = new JsonObject();
      ValidationError.addException(extra, error);
      errors.add(
          ValidationError.of(
              "exception_during_validation",
              "Exception when validating node",
              error.text(),
              extra));
    } else {
      JsonObject extra = ValidationError.inputInfo(parent.waiting);
      extra.add("input_config", parent.waiting.config());
      extra.addProperty("exception_message", error.text());
      ValidationError.addException(extra, error);
      extra.add("linked_node", parent.inputs.get(parent.waiting.name()));
      errors.add(
          ValidationError.of(
              "exception_during_inner_validation",
              "Exception when validating inner node",
              error.text(),
              extra));
    }
    findings.put(failed.id, new Finding(false, errors));
  }
}
