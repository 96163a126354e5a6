package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.Declarations;
import io.github.kolors4j.internal.comfy.PromptConversion;
import io.github.kolors4j.internal.comfy.WorkflowFile;

/**
 * {@code POST /workflow/convert}, of our own: a workflow as the page saves it becomes the prompt
 * that the page would post, so that a program can run what a person drew.
 */
final class ConvertRoutes {
  private final Declarations declarations;

  ConvertRoutes(Declarations declarations) {
    this.declarations = declarations;
  }

  void addTo(Router router) {
    router.post("/workflow/convert", this::convert);
  }

  /** The body is the workflow, or an object that has it as {@code workflow}. */
  private Answer convert(Call call) {
    JsonObject posted = call.jsonObject();
    JsonObject workflow =
        posted.get("workflow") instanceof JsonObject inner && !posted.has("nodes") ? inner : posted;
    try {
      JsonObject checked = WorkflowFile.require(workflow, "What was posted");
      return Answer.json(
          WorkflowFile.isWorkflow(checked)
              ? PromptConversion.convert(checked, declarations)
              : checked); // a prompt already
    } catch (WorkflowException e) {
      return PromptErrors.answer(
          "invalid_workflow", "The workflow cannot be converted", String.valueOf(e.getMessage()));
    }
  }
}
