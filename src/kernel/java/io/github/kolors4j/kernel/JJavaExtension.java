package io.github.kolors4j.kernel;

import io.github.kolors4j.internal.tensor.PyTorch;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * What JJava does when this library comes on a notebook's class path: PyTorch for this system is
 * added, then the imports and the rendering of every notebook ({@link StartUp}). JJava finds the
 * class by {@code META-INF/services}, in its own class path as in what {@code %maven} adds.
 */
public final class JJavaExtension implements Extension {

  /** For JJava. */
  public JJavaExtension() {}

  @Override
  public void install(BaseKernel kernel) {
    // No logger comes with the library, of which SLF4J would warn in the first cell.
    System.getProperties().putIfAbsent("slf4j.internal.verbosity", "ERROR");
    PyTorch.missingArtifact().ifPresent(library -> add(kernel, library));
    evaluate(kernel, StartUp.script());
    try {
      JJavaCells.connectionOf(kernel).ifPresent(connection -> JJavaCells.guard(kernel, connection));
    } catch (ReflectiveOperationException e) {
      System.err.println(
          "kolors4j: this JJava differs from 1.0a8: cells behind a failed one will run ("
              + e
              + ").");
    }
  }

  private static void add(BaseKernel kernel, String library) {
    System.out.println(
        "kolors4j：加载本系统的 PyTorch 动态库。(Adding PyTorch for this system, once some 100 MB to download: %maven "
            + library
            + ")");
    try {
      kernel.getMagicsRegistry().evalLineMagic(kernel, "maven", List.of(library));
    } catch (Exception e) {
      System.err.println(
          "kolors4j：没有加载成功。(That failed: "
              + e
              + " Run the %maven line again when there is a network.)");
    }
  }

  /** By the method's name: JJava before 1.0a7, whose API this is compiled against, lacks it. */
  private static void evaluate(BaseKernel kernel, String statements) {
    try {
      Object evaluation =
          kernel.getClass().getMethod("evalBuilder", String.class).invoke(kernel, statements);
      evaluation.getClass().getMethod("eval").invoke(evaluation);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("kolors4j's imports failed: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "kolors4j needs JJava 1.0a8 or newer (python -m pip install -U jjava): " + e, e);
    }
  }
}
