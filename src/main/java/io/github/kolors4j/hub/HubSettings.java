package io.github.kolors4j.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Hub} was told.
 *
 * @param huggingFace or else ModelScope
 * @param environment variables, as Python's libraries know them
 * @param endpoint of the hub, or null for the environment's or the usual one
 * @param token or null for the environment's
 * @param folder that models go below
 * @param revision or null for the hub's usual branch
 */
record HubSettings(
    boolean huggingFace,
    Map<String, String> environment,
    @Nullable URI endpoint,
    @Nullable String token,
    Path folder,
    @Nullable String revision,
    boolean offline,
    HubListener listener,
    BooleanSupplier stopWhen,
    RetryPolicy retryPolicy,
    FileDownload.Parallel parallel) {

  static HubSettings of(boolean huggingFace, Map<String, String> environment) {
    return new HubSettings(
        huggingFace,
        Map.copyOf(environment),
        null,
        null,
        Path.of("models"),
        null,
        isTrue(environment.get("HF_HUB_OFFLINE")),
        new HubListener() {},
        () -> false,
        RetryPolicy.DEFAULT,
        parallel(environment));
  }

  private static FileDownload.Parallel parallel(Map<String, String> environment) {
    FileDownload.Parallel usual = FileDownload.Parallel.DEFAULT;
    long connections =
        number(environment, "MODELSCOPE_DOWNLOAD_PARALLELS", usual.connections(), 16);
    long megabytes =
        number(
            environment,
            "MODELSCOPE_PARALLEL_DOWNLOAD_THRESHOLD_MB",
            usual.threshold() >> 20,
            1L << 30);
    return new FileDownload.Parallel((int) connections, megabytes << 20, usual.partSize());
  }

  private static long number(
      Map<String, String> environment, String variable, long otherwise, long most) {
    String value = environment.get(variable);
    if (value == null || value.isBlank()) {
      return otherwise;
    }
    try {
      return Math.max(1, Math.min(most, Long.parseLong(value.strip())));
    } catch (NumberFormatException e) {
      throw new HubException(
          "The environment variable %s is \"%s\": it must be a whole number."
              .formatted(variable, value),
          e);
    }
  }

  /** As {@code huggingface_hub} reads its switches. */
  private static boolean isTrue(@Nullable String value) {
    return value != null
        && List.of("1", "ON", "YES", "TRUE").contains(value.strip().toUpperCase(Locale.ROOT));
  }

  String branch() {
    return revision != null ? revision : huggingFace ? "main" : "master";
  }

  /** The hub's addresses, in the order in which they are tried. */
  List<HubServer> servers(StopCheck stop) {
    Connections connections = Connections.of(environment);
    if (huggingFace) {
      URI at = endpoint != null ? endpoint : address("HF_ENDPOINT", "https://huggingface.co");
      return List.of(HuggingFaceServer.at(connections, at, tokenOr("HF_TOKEN"), retryPolicy, stop));
    }
    String domain = environment.get("MODELSCOPE_DOMAIN");
    List<URI> addresses;
    if (endpoint != null) {
      addresses = List.of(endpoint);
    } else if (environment.containsKey("MODELSCOPE_ENDPOINT")) {
      addresses = List.of(address("MODELSCOPE_ENDPOINT", ""));
    } else if (domain != null && !domain.isBlank()) {
      addresses = List.of(checked("https://" + domain, "MODELSCOPE_DOMAIN"));
    } else {
      addresses =
          List.of(URI.create("https://www.modelscope.cn"), URI.create("https://www.modelscope.ai"));
    }
    return addresses.stream()
        .<HubServer>map(
            at ->
                ModelScopeServer.at(
                    connections, at, tokenOr("MODELSCOPE_API_TOKEN"), retryPolicy, stop))
        .toList();
  }

  private @Nullable String tokenOr(String variable) {
    String value = token != null ? token : environment.get(variable);
    if (value == null || value.isBlank()) {
      return null;
    }
    if (!value.strip().chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new HubException(
          "The token (" + variable + ") has characters that no token has: copy it once more.");
    }
    return value.strip();
  }

  private URI address(String variable, String otherwise) {
    String value = environment.get(variable);
    return checked(value == null || value.isBlank() ? otherwise : value, variable);
  }

  private static URI checked(String address, String variable) {
    try {
      URI uri = URI.create(address.strip().replaceAll("/+$", ""));
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new HubException(
        "\"%s\" (%s) is not the address of a hub, such as https://huggingface.co."
            .formatted(address, variable));
  }

  HubSettings withEndpoint(URI value) {
    return new HubSettings(
        huggingFace,
        environment,
        value,
        token,
        folder,
        revision,
        offline,
        listener,
        stopWhen,
        retryPolicy,
        parallel);
  }

  HubSettings withToken(String value) {
    return new HubSettings(
        huggingFace,
        environment,
        endpoint,
        value,
        folder,
        revision,
        offline,
        listener,
        stopWhen,
        retryPolicy,
        parallel);
  }

  HubSettings withFolder(Path value) {
    return new HubSettings(
        huggingFace,
        environment,
        endpoint,
        token,
        value,
        revision,
        offline,
        listener,
        stopWhen,
        retryPolicy,
        parallel);
  }

  HubSettings withRevision(String value) {
    return new HubSettings(
        huggingFace,
        environment,
        endpoint,
        token,
        folder,
        value,
        offline,
        listener,
        stopWhen,
        retryPolicy,
        parallel);
  }

  HubSettings withOffline(boolean value) {
    return new HubSettings(
        huggingFace,
        environment,
        endpoint,
        token,
        folder,
        revision,
        value,
        listener,
        stopWhen,
        retryPolicy,
        parallel);
  }

  HubSettings withListener(HubListener value) {
    return new HubSettings(
        huggingFace,
        environment,
        endpoint,
        token,
        folder,
        revision,
        offline,
        value,
        stopWhen,
        retryPolicy,
        parallel);
  }

  HubSettings withStopWhen(BooleanSupplier value) {
    return new HubSettings(
        huggingFace,
        environment,
        endpoint,
        token,
        folder,
        revision,
        offline,
        listener,
        value,
        retryPolicy,
        parallel);
  }

  /** Nothing of a token. */
  @Override
  public String toString() {
    return (huggingFace ? "Hugging Face" : "ModelScope") + " → " + folder;
  }
}
