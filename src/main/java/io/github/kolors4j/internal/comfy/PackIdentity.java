package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which pack a node comes from, as the registry of nodes has it: the page hands on from a node's
 * properties what is well-formed, and nothing else.
 */
final class PackIdentity {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?");
  private static final Pattern OWNER =
      Pattern.compile("(?!.*--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{4,40}");

  /** Semantic versioning, https://semver.org. */
  private static final Pattern VERSION =
      Pattern.compile(
          "(?:(?:0|[1-9]\\d*)\\.){2}(?:0|[1-9]\\d*)"
              + "(?:-[\\da-z-]+(?:\\.[\\da-z-]+)*)?(?:\\+[\\da-z-]+(?:\\.[\\da-z-]+)*)?");

  private PackIdentity() {}

  /** Adds {@code cnr_id}, {@code aux_id} and {@code ver} to a prompt's {@code _meta}. */
  static void add(JsonObject meta, JsonObject properties) {
    text(properties, "cnr_id")
        .filter(id -> NAME.matcher(id).matches())
        .ifPresent(id -> meta.addProperty("cnr_id", id));
    text(properties, "aux_id")
        .filter(PackIdentity::isRepository)
        .ifPresent(id -> meta.addProperty("aux_id", id));
    text(properties, "ver")
        .map(version -> version.startsWith("v") ? version.substring(1) : version)
        .filter(PackIdentity::isVersion)
        .ifPresent(version -> meta.addProperty("ver", version));
  }

  private static Optional<String> text(JsonObject properties, String name) {
    return Optional.of(JsonShape.text(properties, name, "")).filter(text -> !text.isEmpty());
  }

  private static boolean isRepository(String id) {
    String[] parts = id.split("/", -1);
    return parts.length == 2
        && OWNER.matcher(parts[0]).matches()
        && NAME.matcher(parts[1]).matches();
  }

  private static boolean isVersion(String version) {
    return version.equals("unknown")
        || VERSION.matcher(version).matches()
        || COMMIT.matcher(version).matches();
  }
}
