package io.github.kolors4j.scheduler;

import io.github.kolors4j.internal.NearestName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The samplers by name: diffusers' class names, those of ComfyUI's Kolors nodes, and short ones.
 */
public enum SchedulerType {
  EULER("EulerDiscreteScheduler", EulerDiscreteScheduler::new, "Euler"),
  EULER_ANCESTRAL(
      "EulerAncestralDiscreteScheduler",
      EulerAncestralDiscreteScheduler::new,
      "Euler ancestral",
      "Euler a"),
  EULER_KARRAS(
      "EulerDiscreteScheduler_karras",
      config -> new EulerDiscreteScheduler(config.with("use_karras_sigmas", true)),
      "Euler Karras"),
  DPMPP_2M("DPMSolverMultistepScheduler", DPMSolverMultistepScheduler::new, "DPM++ 2M"),
  DPMPP_2M_KARRAS(
      "DPMSolverMultistepScheduler_karras",
      config -> new DPMSolverMultistepScheduler(config.with("use_karras_sigmas", true)),
      "DPM++ 2M Karras"),
  DPMPP_2M_SDE(
      "DPMSolverMultistepScheduler_SDE",
      config -> new DPMSolverMultistepScheduler(config.with("algorithm_type", "sde-dpmsolver++")),
      "DPM++ 2M SDE"),
  DPMPP_2M_SDE_KARRAS(
      "DPMSolverMultistepScheduler_SDE_karras",
      config ->
          new DPMSolverMultistepScheduler(
              config.with("algorithm_type", "sde-dpmsolver++").with("use_karras_sigmas", true)),
      "DPM++ 2M SDE Karras"),
  EDM_DPMPP_2M(
      "EDMDPMSolverMultistepScheduler", EDMDPMSolverMultistepScheduler::new, "EDM DPM++ 2M"),
  UNIPC("UniPCMultistepScheduler", UniPCMultistepScheduler::new, "UniPC"),
  UNIPC_KARRAS(
      "UniPCMultistepScheduler_karras",
      config -> new UniPCMultistepScheduler(config.with("use_karras_sigmas", true)),
      "UniPC Karras"),
  DEIS("DEISMultistepScheduler", DEISMultistepScheduler::new, "DEIS"),
  DDIM("DDIMScheduler", DDIMScheduler::new, "DDIM"),
  DDPM("DDPMScheduler", DDPMScheduler::new, "DDPM"),
  ENHANCED_DDIM("EnhancedDDIMScheduler", EnhancedDDIMScheduler::new, "Enhanced DDIM");

  private final String className;
  private final Function<SchedulerConfig, Scheduler> constructor;
  private final List<String> shortNames;

  SchedulerType(
      String className, Function<SchedulerConfig, Scheduler> constructor, String... shortNames) {
    this.className = className;
    this.constructor = constructor;
    this.shortNames = List.of(shortNames);
  }

  /** The name in diffusers, or in ComfyUI's Kolors nodes where diffusers has a setting for it. */
  public String className() {
    return className;
  }

  /** The name that people use, for example {@code DPM++ 2M}. */
  public String shortName() {
    return shortNames.get(0);
  }

  /**
   * A scheduler of this type.
   *
   * @throws IllegalArgumentException if the sampler does not support a value of the configuration
   */
  public Scheduler create(SchedulerConfig config) {
    return constructor.apply(config);
  }

  /**
   * The sampler of a name; case, spaces, hyphens and underscores do not matter.
   *
   * @throws IllegalArgumentException if there is none; the message offers the nearest
   */
  public static SchedulerType named(String name) {
    String wanted = normalized(name);
    for (SchedulerType type : values()) {
      if (type.names().anyMatch(known -> normalized(known).equals(wanted))) {
        return type;
      }
    }
    String nearest =
        Arrays.stream(values())
            .flatMap(SchedulerType::names)
            .min(Comparator.comparingInt(known -> NearestName.distance(normalized(known), wanted)))
            .orElseThrow();
    throw new IllegalArgumentException(
        "There is no sampler '%s'. Did you mean '%s'? The samplers are %s."
            .formatted(
                name,
                nearest,
                Arrays.stream(values())
                    .map(SchedulerType::className)
                    .collect(Collectors.joining(", "))));
  }

  private Stream<String> names() {
    return Stream.concat(
        Stream.concat(Stream.of(className), shortNames.stream()), Stream.of(name()));
  }

  private static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replace('+', 'p').replaceAll("[^a-z0-9]", "");
  }
}
