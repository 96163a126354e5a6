package io.github.kolors4j.comfy;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.comfy.Declarations;
import io.github.kolors4j.internal.comfy.InputChecks;
import io.github.kolors4j.internal.comfy.LoadsPicture;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that graphs can be made of: those of this library and of jars on the class path ({@link
 * ServiceLoader}), and those that were registered from a notebook's cell.
 */
public final class NodeCatalogue implements Declarations {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCatalogue.class);
  private static final Map<String, Node> REGISTERED = new ConcurrentHashMap<>();

  private final ComfyFolders folders;
  private final Map<String, Node> found = new LinkedHashMap<>();

  private NodeCatalogue(ComfyFolders folders) {
    this.folders = folders;
    addAll(NodeCatalogue.class.getClassLoader());
    addAll(Thread.currentThread().getContextClassLoader()); // of jars that a notebook added
  }

  /** Adds the nodes of jars; one that cannot be loaded is named and left out. */
  private void addAll(ClassLoader loader) {
    Iterator<ServiceLoader.Provider<Node>> providers =
        ServiceLoader.load(Node.class, loader).stream().iterator();
    boolean more = true;
    while (more) {
      try {
        more = providers.hasNext();
        if (more) {
          Node node = providers.next().get();
          found.putIfAbsent(node.declaration().name(), node);
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        LOG.warn("A node is left out: {}", e.toString());
      }
    }
  }

  /** All nodes; what they offer to choose is what is in these folders. */
  public static NodeCatalogue load(ComfyFolders folders) {
    return new NodeCatalogue(folders);
  }

  /** Adds a node to every catalogue, or replaces the one of that name. */
  public static void register(Node node) {
    REGISTERED.put(node.declaration().name(), node);
  }

  /** The node of a name. */
  public Optional<Node> find(String name) {
    Node registered = REGISTERED.get(name);
    return Optional.ofNullable(registered != null ? registered : found.get(name));
  }

  /** All nodes. */
  public Collection<Node> nodes() {
    Map<String, Node> all = new LinkedHashMap<>(found);
    all.putAll(REGISTERED);
    return all.values();
  }

  /** The folders that choices come from. */
  public ComfyFolders folders() {
    return folders;
  }

  /** ComfyUI's {@code object_info} of one node, with the choices of this moment; null if none. */
  @Override
  public @Nullable JsonObject declaration(String classType) {
    return find(classType).map(node -> node.declaration().toJson(folders)).orElse(null);
  }

  /** The node's own check of its inputs; null if it has none. */
  @Override
  public @Nullable InputChecks checks(String classType) {
    Node node = find(classType).orElse(null);
    if (node instanceof LoadsPicture loading) {
      return loading.checks(folders);
    }
    return node instanceof InputChecks checks ? checks : null;
  }

  /** ComfyUI's {@code object_info}: every node's declaration by name. */
  public JsonObject objectInfo() {
    JsonObject info = new JsonObject();
    for (Node node : nodes()) {
      NodeDeclaration declaration = node.declaration();
      info.add(declaration.name(), declaration.toJson(folders));
    }
    return info;
  }
}
