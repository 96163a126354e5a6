package io.github.kolors4j.hub;

import java.util.List;

/** A hub's way to list files and to serve them. */
sealed interface HubServer permits ModelScopeServer, HuggingFaceServer {

  /** What people call it. */
  String title();

  /** Its requests. */
  Http http();

  /**
   * All files of a repository, without folders.
   *
   * @throws HubException if there is no such repository, or its list is damaged
   */
  List<RemoteFile> list(Repository repository, Http.ProgressNotice notices);
}
