package io.github.kolors4j.hub;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is downloaded from a hub.
 *
 * @param kind model or data set
 * @param owner the part of the name before the slash
 * @param name the part after it
 * @param revision a branch, tag or commit
 */
record Repository(Kind kind, String owner, String name, String revision) {
  enum Kind {
    MODEL,
    DATASET;

    /** As addresses have it: {@code models}. */
    String plural() {
      return name().toLowerCase(Locale.ROOT) + "s";
    }
  }

  // Hugging Face's own rule for names; ModelScope's is no wider.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._/-]{0,99}");

  Repository {
    if (!NAME.matcher(owner).matches() || !NAME.matcher(name).matches()) {
      throw new HubException(owner + "/" + name + " is not a name that a hub could have.");
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new HubException("\"" + revision + "\" is not a branch, tag or commit.");
    }
  }

  /** From {@code owner/name}. */
  static Repository of(Kind kind, String id, String revision) {
    int slash = id.indexOf('/');
    if (slash < 0) {
      throw new HubException("\"%s\" has no owner: write owner/name.".formatted(id));
    }
    return new Repository(kind, id.substring(0, slash), id.substring(slash + 1), revision);
  }

  String id() {
    return owner + "/" + name;
  }
}
