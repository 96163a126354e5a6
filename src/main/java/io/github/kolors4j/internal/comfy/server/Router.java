package io.github.kolors4j.internal.comfy.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. Each is reached under {@code /api}, too, as in ComfyUI. What has no
 * route may be a file of the page; all else is not found, never {@code index.html}.
 */
final class Router {
  private final List<Route> routes = new ArrayList<>();
  private final Handler files;

  /** Answers a request. */
  @FunctionalInterface
  interface Handler {
    Answer answer(Call call) throws IOException;
  }

  private record Route(String method, List<String> pattern, Handler handler) {

    /** What the pattern names in such a path; null if the path is another. */
    @Nullable Map<String, String> match(List<String> segments) {
      boolean takesRest = pattern.get(pattern.size() - 1).endsWith("...}");
      if (segments.size() < pattern.size() || !takesRest && segments.size() > pattern.size()) {
        return null;
      }
      Map<String, String> found = new HashMap<>();
      for (int i = 0; i < pattern.size(); i++) {
        String part = pattern.get(i);
        if (part.endsWith("...}")) {
          found.put(
              part.substring(1, part.length() - 4),
              String.join("/", segments.subList(i, segments.size())));
        } else if (part.startsWith("{")) {
          found.put(part.substring(1, part.length() - 1), segments.get(i));
        } else if (!part.equals(segments.get(i))) {
          return null;
        }
      }
      return found;
    }
  }

  /**
   * @param files answers a {@code GET} that no route is for
   */
  Router(Handler files) {
    this.files = files;
  }

  /**
   * Adds a route.
   *
   * @param pattern such as {@code /userdata/{file}/move/{dest}}: a name stands for one part of the
   *     path, in which an encoded slash is a character as any; {@code {name...}} for all that
   *     follow
   */
  Router on(String method, String pattern, Handler handler) {
    routes.add(new Route(method, List.of(pattern.substring(1).split("/", -1)), handler));
    return this;
  }

  Router get(String pattern, Handler handler) {
    return on("GET", pattern, handler);
  }

  Router post(String pattern, Handler handler) {
    return on("POST", pattern, handler);
  }

  /** Answers a request; a {@link Refusal} is an answer, too. */
  Answer answer(Call call) throws IOException {
    try {
      return route(call);
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  private Answer route(Call call) throws IOException {
    if (call.method().equals("OPTIONS")) {
      return Answer.status(Answer.OK);
    }
    List<String> segments =
        Arrays.stream(call.path().substring(1).split("/", -1)).map(PercentCode::decode).toList();
    boolean isApi = segments.get(0).equals("api");
    List<String> wanted = isApi ? segments.subList(1, segments.size()) : segments;
    String method = call.method().equals("HEAD") ? "GET" : call.method();
    boolean isKnown = false;
    for (Route route : routes) {
      Map<String, String> found = wanted.isEmpty() ? null : route.match(wanted);
      if (found != null && route.method().equals(method)) {
        return route.handler().answer(call.matched(found));
      }
      isKnown |= found != null;
    }
    if (!isApi && !isKnown && method.equals("GET")) {
      return files.answer(call.matched(Map.of("path", String.join("/", segments))));
    }
    throw isKnown
        ? Refusal.json(
            Answer.METHOD_NOT_ALLOWED, "There is no %s of this.".formatted(call.method()))
        : Refusal.json(Answer.NOT_FOUND, "There is nothing at this address.");
  }
}
