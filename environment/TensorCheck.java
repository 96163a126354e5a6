import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/** Loads the tensor library, computes something with it and says which one it is. */
class TensorCheck {
  public static void main(String[] args) {
    io.github.kolors4j.internal.launch.ProgramStart.ofCommand();
    Engine engine = Engine.getInstance();
    try (var manager = NDManager.newBaseManager()) {
      float sum = manager.ones(new ai.djl.ndarray.types.Shape(3, 4)).sum().getFloat();
      if (sum != 12) {
        throw new IllegalStateException("twelve ones make " + sum);
      }
      System.out.println(
          engine.getEngineName() + " " + engine.getVersion() + " on " + manager.getDevice());
    }
  }
}
