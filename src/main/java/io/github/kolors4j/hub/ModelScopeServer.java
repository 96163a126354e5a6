package io.github.kolors4j.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * ModelScope's interface, after {@code modelscope/hub/api.py}: replies are {@code
 * {"Code":200,"Data":…,"Message":…}}, and an error may come with either status or code.
 */
record ModelScopeServer(URI endpoint, Http http) implements HubServer {
  /** A list of this length was cut off by the server. */
  private static final int LIST_LIMIT = 3000;

  private static final int PAGE_SIZE = 500;
  private static final int MOST_PAGES = 10_000;

  static ModelScopeServer at(
      Connections connections,
      URI endpoint,
      @Nullable String token,
      RetryPolicy retryPolicy,
      StopCheck stop) {
    Map<String, String> headers = new HashMap<>();
    headers.put("User-Agent", "modelscope/1.15.0; kolors4j; java/" + Runtime.version().feature());
    headers.put("X-Request-ID", UUID.randomUUID().toString().replace("-", ""));
    Map<String, String> tokenHeaders =
        token == null
            ? Map.of()
            : Map.of("Authorization", "Bearer " + token, "Cookie", "m_session_id=" + token);
    return new ModelScopeServer(
        endpoint, new Http(connections, endpoint, headers, token, tokenHeaders, retryPolicy, stop));
  }

  @Override
  public String title() {
    return "ModelScope";
  }

  @Override
  public List<RemoteFile> list(Repository repository, Http.ProgressNotice notices) {
    List<RemoteFile> files = new ArrayList<>();
    if (repository.kind() == Repository.Kind.DATASET) {
      listDataset(repository, files, notices);
    } else {
      listModel(repository, "", files, notices);
    }
    return files;
  }

  private void listModel(
      Repository repository, String root, List<RemoteFile> files, Http.ProgressNotice notices) {
    String query = "?Revision=" + Json.quoted(repository.revision());
    String inRoot = root.isEmpty() ? "" : "&Root=" + Json.quoted(root);
    String address = address(repository) + "/repo/files" + query;
    JsonArray entries = entries(repository, address + "&Recursive=True" + inRoot, notices);
    if (entries.size() < LIST_LIMIT) {
      entries.forEach(entry -> addFile(repository, entry, files));
      return;
    }
    for (JsonElement entry : entries(repository, address + "&Recursive=False" + inRoot, notices)) {
      JsonObject object = object(repository, entry);
      if (!isFolder(object)) {
        addFile(repository, entry, files);
      } else {
        String path = Json.string(object, "Path");
        if (path == null || path.length() <= root.length() || !path.startsWith(root)) {
          throw damaged(repository, "a folder in itself");
        }
        listModel(repository, path, files, notices);
      }
    }
  }

  private void listDataset(
      Repository repository, List<RemoteFile> files, Http.ProgressNotice notices) {
    try {
      listDataset(address(repository), repository, files, notices);
    } catch (Http.NotFoundException byName) {
      // The interface of 2024 knows a data set's tree by its number only.
      String what = "The data set " + repository.id();
      Http.Reply reply = http.text(URI.create(address(repository)), what, notices);
      if (!(Json.parse(reply, what) instanceof JsonObject json
          && json.get("Data") instanceof JsonObject data
          && Json.size(data, "Id") >= 0)) {
        throw byName;
      }
      String address = endpoint + "/api/v1/datasets/" + Json.size(data, "Id");
      listDataset(address, repository, files, notices);
    }
  }

  private void listDataset(
      String dataset, Repository repository, List<RemoteFile> files, Http.ProgressNotice notices) {
    String previous = "";
    for (int page = 1; page <= MOST_PAGES; page++) {
      String address =
          dataset
              + "/repo/tree?Revision="
              + Json.quoted(repository.revision())
              + "&Root=%2F&Recursive=True&PageNumber="
              + page
              + "&PageSize="
              + PAGE_SIZE;
      JsonArray entries = entries(repository, address, notices);
      // An older server knows no pages and sends the same list again.
      if (entries.toString().equals(previous)) {
        return;
      }
      entries.forEach(entry -> addFile(repository, entry, files));
      if (entries.size() < PAGE_SIZE) {
        return;
      }
      previous = entries.toString();
    }
    throw damaged(repository, "no last page");
  }

  private JsonArray entries(Repository repository, String address, Http.ProgressNotice notices) {
    String what = "The list of files of " + repository.id();
    JsonElement json = Json.parse(http.text(URI.create(address), what, notices), what);
    if (!(json instanceof JsonObject reply)) {
      throw damaged(repository, "no object");
    }
    long code = Json.size(reply, "Code");
    if (code != 200) {
      String message = http.withoutToken(String.valueOf(Json.string(reply, "Message")));
      throw code == 404
          ? new Http.NotFoundException(what + " was not found on ModelScope: " + message)
          : new HubException(what + ": ModelScope answered " + code + ", " + message);
    }
    if (reply.get("Data") instanceof JsonObject data
        && data.get("Files") instanceof JsonArray entries) {
      return entries;
    }
    throw damaged(repository, "no Data.Files");
  }

  private void addFile(Repository repository, JsonElement entry, List<RemoteFile> files) {
    JsonObject object = object(repository, entry);
    if (isFolder(object)) {
      return;
    }
    String path = Json.string(object, "Path");
    long size = Json.size(object, "Size");
    if (path == null || size < 0) {
      throw damaged(repository, "a file without path or size");
    }
    String sha256 = Json.string(object, "Sha256");
    Checksum checksum =
        sha256 != null && Checksum.isSha256(sha256) ? Checksum.sha256(sha256) : null;
    String source = repository.kind() == Repository.Kind.DATASET ? "Source=SDK&" : "";
    URI uri =
        URI.create(
            address(repository)
                + "/repo?"
                + source
                + "Revision="
                + Json.quoted(repository.revision())
                + "&FilePath="
                + Json.quoted(path));
    files.add(new RemoteFile(path, size, checksum, uri));
  }

  private String address(Repository repository) {
    return endpoint + "/api/v1/" + repository.kind().plural() + "/" + repository.id();
  }

  private static boolean isFolder(JsonObject entry) {
    return "tree".equals(Json.string(entry, "Type"));
  }

  private static JsonObject object(Repository repository, JsonElement entry) {
    if (entry instanceof JsonObject object) {
      return object;
    }
    throw damaged(repository, "an entry that is no object");
  }

  private static HubException damaged(Repository repository, String how) {
    return new HubException(
        "The list of files of %s that ModelScope sent is damaged (%s). Run it again; if it stays so, the hub has changed: look for a newer kolors4j."
            .formatted(repository.id(), how));
  }
}
