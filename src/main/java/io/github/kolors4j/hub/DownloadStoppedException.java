package io.github.kolors4j.hub;

/**
 * A person stopped the download. What arrived is kept, and the next download goes on from there.
 */
public final class DownloadStoppedException extends HubException {
  DownloadStoppedException() {
    super("The download was stopped. What has arrived is kept: run it again to go on from there.");
  }
}
