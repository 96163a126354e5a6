package io.github.kolors4j.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.comfy.ModelShelf;
import java.awt.image.BufferedImage;

/** What a node can ask for and tell while it runs. */
public interface NodeContext {

  /** The node's id in the graph. */
  String nodeId();

  /** Shows how far the node has come. */
  void progress(double value, double max);

  /** Shows what the node has so far, on the node. */
  void preview(BufferedImage picture);

  /** Writes a line on the node: what a person should know of how it was done. */
  void say(String text);

  /**
   * Looks whether a person wants it to end; a node that works long asks often.
   *
   * @throws StoppedException if so
   */
  void checkStopped();

  /**
   * Gives the page something to show on the node when it has run, such as {@code images}: a list of
   * {@code {filename, subfolder, type}}.
   */
  void show(String key, JsonArray values);

  /** The whole prompt that is being run. */
  JsonObject prompt();

  /** What the page sent along for the picture's file, such as {@code workflow}. */
  JsonObject extraPngInfo();

  /** Where files and models are. */
  ComfyFolders folders();

  /** The models that are loaded. */
  ModelShelf models();
}
