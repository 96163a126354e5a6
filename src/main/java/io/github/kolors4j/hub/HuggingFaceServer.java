package io.github.kolors4j.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hugging Face's interface, after {@code huggingface_hub/hf_api.py}: a tree, in pages. */
record HuggingFaceServer(URI endpoint, Http http) implements HubServer {
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");

  static HuggingFaceServer at(
      Connections connections,
      URI endpoint,
      @Nullable String token,
      RetryPolicy retryPolicy,
      StopCheck stop) {
    Map<String, String> headers =
        Map.of("User-Agent", "kolors4j; java/" + Runtime.version().feature());
    Map<String, String> tokenHeaders =
        token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
    return new HuggingFaceServer(
        endpoint, new Http(connections, endpoint, headers, token, tokenHeaders, retryPolicy, stop));
  }

  @Override
  public String title() {
    return "Hugging Face";
  }

  @Override
  public List<RemoteFile> list(Repository repository, Http.ProgressNotice notices) {
    String what = "The list of files of " + repository.id();
    URI page =
        URI.create(
            "%s/api/%s/%s/tree/%s?recursive=true"
                .formatted(
                    endpoint,
                    repository.kind().plural(),
                    repository.id(),
                    Json.quoted(repository.revision())));
    List<RemoteFile> files = new ArrayList<>();
    Set<URI> seen = new HashSet<>();
    while (page != null) {
      if (!seen.add(page)) {
        throw damaged(repository, "pages in a circle");
      }
      Http.Reply reply = http.text(page, what, notices);
      if (!(Json.parse(reply, what) instanceof JsonArray entries)) {
        throw damaged(repository, "no array");
      }
      for (JsonElement entry : entries) {
        addFile(repository, entry, files);
      }
      page = next(page, reply);
    }
    return files;
  }

  private static @Nullable URI next(URI page, Http.Reply reply) {
    String link = reply.header("Link");
    Matcher next = NEXT.matcher(link == null ? "" : link);
    return next.find() ? page.resolve(next.group(1)) : null;
  }

  private void addFile(Repository repository, JsonElement entry, List<RemoteFile> files) {
    if (!(entry instanceof JsonObject object)) {
      throw damaged(repository, "an entry that is no object");
    }
    if (!"file".equals(Json.string(object, "type"))) {
      return;
    }
    String path = Json.string(object, "path");
    long size = Json.size(object, "size");
    Checksum checksum = gitBlob(Json.string(object, "oid"));
    // Large files lie elsewhere, and git knows a pointer only.
    if (object.get("lfs") instanceof JsonObject lfs) {
      String oid = Json.string(lfs, "oid");
      checksum = oid != null && Checksum.isSha256(oid) ? Checksum.sha256(oid) : null;
      size = lfs.has("size") ? Json.size(lfs, "size") : size;
    }
    if (path == null || size < 0) {
      throw damaged(repository, "a file without path or size");
    }
    String datasets = repository.kind() == Repository.Kind.DATASET ? "datasets/" : "";
    URI uri =
        URI.create(
            "%s/%s%s/resolve/%s/%s"
                .formatted(
                    endpoint,
                    datasets,
                    repository.id(),
                    Json.quoted(repository.revision()),
                    Json.quotedPath(path)));
    files.add(new RemoteFile(path, size, checksum, uri));
  }

  private static @Nullable Checksum gitBlob(@Nullable String oid) {
    return oid != null && oid.matches("[0-9a-f]{40}") ? Checksum.gitBlob(oid) : null;
  }

  private static HubException damaged(Repository repository, String how) {
    return new HubException(
        "The list of files of %s that Hugging Face sent is damaged (%s). Run it again; if it stays so, the hub has changed: look for a newer kolors4j."
            .formatted(repository.id(), how));
  }
}
