package io.github.kolors4j.comfy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.comfy.PromptConversion;
import io.github.kolors4j.internal.comfy.WorkflowEdit;
import io.github.kolors4j.internal.comfy.WorkflowFile;
import io.github.kolors4j.internal.comfy.WorkflowRun;
import io.github.kolors4j.internal.comfy.drawing.WorkflowPicture;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * A graph of nodes as ComfyUI's page saves it: a workflow, or the prompt that a server runs. It is
 * immutable; what is not understood of it is written back as it was.
 */
public final class Workflow implements Renderable {
  private final JsonObject json;

  private Workflow(JsonObject json) {
    this.json = json;
  }

  /**
   * Reads a file: JSON that the page saved or exported, or a picture that carries its workflow.
   *
   * @param file a {@code .png}, or JSON whatever its name
   * @throws WorkflowException if it is neither a workflow nor a prompt
   */
  public static Workflow load(Path file) {
    return new Workflow(WorkflowFile.read(file));
  }

  /**
   * Reads a text.
   *
   * @throws WorkflowException if it is neither a workflow nor a prompt
   */
  public static Workflow parse(String json) {
    return new Workflow(WorkflowFile.parse(json, "The text"));
  }

  /**
   * The same for JSON that was read already; it is copied.
   *
   * @throws WorkflowException if it is neither a workflow nor a prompt
   */
  public static Workflow of(JsonElement json) {
    return new Workflow(WorkflowFile.require(json, "The JSON").deepCopy());
  }

  /** Whether it is a prompt: ids with class and inputs, without places, groups and notes. */
  public boolean isPrompt() {
    return !WorkflowFile.isWorkflow(json);
  }

  /** A copy of everything, in the format and order in which it was read. */
  public JsonObject json() {
    return json.deepCopy();
  }

  /**
   * The same with another value in a field.
   *
   * @param node its id ({@code 12:3} within a subgraph), or its title or class if no other node has
   *     it: {@code KolorsSampler}
   * @param field such as {@code seed}
   * @param value a text, a number, true or false, or a list of these
   * @throws WorkflowException if there is no such node or field, several nodes are called so, a
   *     link fills the field, or the value is of another kind or out of range
   */
  public Workflow set(String node, String field, Object value) {
    return new Workflow(WorkflowEdit.set(json, WorkflowRun.declarations(), node, field, value));
  }

  /**
   * What a server runs, made of the workflow as the page does when Run is pressed: notes, reroutes
   * and bypassed nodes resolved away, values by their names. Of a prompt, a copy.
   *
   * @throws WorkflowException naming the node, if a link leads in a circle or to nothing
   */
  public JsonObject prompt() {
    return isPrompt() ? json() : PromptConversion.convert(json, WorkflowRun.declarations());
  }

  /**
   * Writes it as JSON, in the format in which it was read.
   *
   * @return the file
   * @throws WorkflowException if the disk refuses
   */
  public Path save(Path file) {
    WorkflowFile.write(json, file);
    return file;
  }

  /**
   * Runs it in this process, without a server, on the nodes of the {@link NodeCatalogue} and with
   * the files of the folder {@code comfyui}. In a notebook there is a bar for the node at work, the
   * picture so far, and a stop button. Models stay loaded for the next run, and what unchanged
   * nodes gave is taken again.
   *
   * @return the pictures, with their files
   * @throws WorkflowException if it cannot be run or a node fails; the message names the node
   * @throws io.github.kolors4j.StoppedException if a person stops it
   */
  public WorkflowResult run() {
    return WorkflowRun.run(json);
  }

  /**
   * Draws it as ComfyUI's page does: nodes at their saved places, wires coloured by type, every
   * value legible. It is as wide as a notebook, if that is wide enough for its texts.
   */
  @Override
  public BufferedImage render() {
    return WorkflowPicture.draw(json, WorkflowRun.declarations(), WorkflowPicture.NOTEBOOK);
  }

  /** For instance {@code workflow of 8 nodes}. */
  @Override
  public String toString() {
    int nodes = isPrompt() ? json.size() : json.getAsJsonArray("nodes").size();
    return "%s of %d %s"
        .formatted(isPrompt() ? "prompt" : "workflow", nodes, nodes == 1 ? "node" : "nodes");
  }
}
