package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.WorkflowException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ComfyUI's pairs of sampler and noise schedule, as far as this library has them. Kolors' own
 * schedule, diffusers' {@code leading} one from timestep 1, is what ComfyUI calls {@code
 * ddim_uniform}.
 */
public final class SamplerNames {
  private static final String OWN = "ddim_uniform";
  private static final String KARRAS = "karras";

  /** By ComfyUI's sampler: its schedule, and this library's name of the two. */
  private static final Map<String, List<String>> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put("euler", List.of(OWN, "EulerDiscreteScheduler"));
    KNOWN.put("euler_ancestral", List.of(OWN, "EulerAncestralDiscreteScheduler"));
    KNOWN.put("dpmpp_2m", List.of(OWN, "DPMSolverMultistepScheduler"));
    KNOWN.put("dpmpp_2m_sde", List.of(KARRAS, "DPMSolverMultistepScheduler_SDE_karras"));
    KNOWN.put("ddpm", List.of(OWN, "DDPMScheduler"));
    KNOWN.put("deis", List.of(OWN, "DEISMultistepScheduler"));
    KNOWN.put("uni_pc", List.of(OWN, "UniPCMultistepScheduler"));
    KNOWN.put("ddim", List.of(OWN, "DDIMScheduler"));
  }

  private SamplerNames() {}

  /** The samplers, under ComfyUI's names. */
  public static List<String> samplers() {
    return List.copyOf(KNOWN.keySet());
  }

  /** The noise schedules, under ComfyUI's names. */
  public static List<String> schedulers() {
    return List.of(OWN, KARRAS);
  }

  /**
   * This library's name of a pair.
   *
   * @throws WorkflowException if it has none; the message says which there are
   */
  public static String scheduler(String sampler, String schedule) {
    List<String> known = KNOWN.get(sampler);
    if (known == null || !known.get(0).equals(schedule)) {
      StringBuilder pairs = new StringBuilder();
      KNOWN.forEach(
          (name, pair) -> pairs.append("\n  ").append(name).append(" + ").append(pair.get(0)));
      throw new WorkflowException(
          "The sampler '%s' with the scheduler '%s' is not built here. These are:%s"
              .formatted(sampler, schedule, pairs));
    }
    return known.get(1);
  }
}
