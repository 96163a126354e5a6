package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a workflow, made complete by its declaration as the page does when it loads it. */
final class GraphNode {
  static final int MUTED = 2;
  static final int BYPASSED = 4;

  /** What becomes of a node in a prompt. */
  enum Kind {
    /** It is in the prompt. */
    DECLARED,
    /** So is this one, but nothing is known of its fields. */
    UNKNOWN,
    /** Its nodes are in the prompt. */
    SUBGRAPH,
    /** Links go through it. */
    REROUTE,
    /** Its value is written into other nodes. */
    PRIMITIVE,
    /** Nothing of it. */
    NOTE
  }

  /**
   * An input.
   *
   * @param widget the field that a link replaces; null where there is none
   */
  record Input(String name, String type, @Nullable String widget) {}

  final String id;
  final String type;
  final Kind kind;
  final String title;
  final int mode;
  final JsonObject json;
  final List<Input> inputs;
  final List<String> outputTypes;
  final List<Widget> widgets;

  /** What its class declares; empty for other kinds. */
  final List<InputSpec> specs;

  /** What enters each input, or null. */
  final List<@Nullable GraphLink> links;

  GraphNode(
      String id,
      Kind kind,
      String title,
      JsonObject json,
      List<Input> inputs,
      List<String> outputTypes,
      List<Widget> widgets,
      List<InputSpec> specs) {
    this.id = id;
    this.type = JsonShape.text(json, "type", "");
    this.kind = kind;
    this.title = title;
    this.mode = JsonShape.integer(json.get("mode"), 0);
    this.json = json;
    this.inputs = inputs;
    this.outputTypes = outputTypes;
    this.widgets = widgets;
    this.specs = specs;
    this.links = new ArrayList<>();
    inputs.forEach(input -> links.add(null));
  }

  boolean isMuted() {
    return mode == MUTED;
  }

  boolean isBypassed() {
    return mode == BYPASSED;
  }

  @Nullable Widget widget(String name) {
    return widgets.stream().filter(widget -> widget.name().equals(name)).findFirst().orElse(null);
  }

  JsonObject properties() {
    return JsonShape.object(json, "properties");
  }

  /** For errors: "12 (KolorsSampler)". */
  @Override
  public String toString() {
    return id + " (" + (title.isEmpty() ? type : title) + ")";
  }
}
