package io.github.kolors4j.kernel;

import io.github.kolors4j.internal.launch.ProgramStart;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.BaseKernelBuilder;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.magic.CellMagic;
import org.dflib.jjava.jupyter.kernel.magic.LineMagic;

/**
 * Runs JJava with the library on its class path until Jupyter ends it, as JJava's own main class
 * does, and {@linkplain JJavaCells guards} its cells from the first on. JJava's part that is not
 * its API, the kernel itself and its magics, is made by name.
 */
public final class JJavaProcess {
  private static final String JJAVA = "org.dflib.jjava.";

  private JJavaProcess() {}

  /**
   * Serves one notebook.
   *
   * @param arguments Jupyter's connection file
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1 || !Files.isRegularFile(Path.of(arguments[0]))) {
      System.err.println("Jupyter starts this program, with the name of a connection file.");
      System.exit(2);
    }
    OptionalInt ended = ProgramStart.again(JJavaProcess.class, arguments);
    if (ended.isPresent()) {
      System.exit(ended.getAsInt());
    }
    Thread starting = ProgramStart.ofKernel();
    Logger.getLogger("").setLevel(Level.WARNING);
    var properties = KernelConnectionProperties.parse(Files.readString(Path.of(arguments[0])));
    var connection = new JupyterConnection(properties);
    BaseKernel kernel = kernel();
    starting.join(); // our extension asks which PyTorch there is, and a GPU may have been found
    kernel.onStartup(); // with it that extension, which JJava finds on the class path
    kernel.becomeHandlerForConnection(connection);
    JJavaCells.guard(kernel, connection);
    connection.connect();
    connection.waitUntilClose();
    System.exit(0);
  }

  private static BaseKernel kernel() throws ReflectiveOperationException {
    Class<?> kernel = Class.forName(JJAVA + "kernel.JavaKernel");
    var builder = (BaseKernelBuilder<?, ?>) kernel.getMethod("builder").invoke(null);
    Method options = builder.getClass().getMethod("compilerOpts", Iterable.class);
    options.setAccessible(true);
    options.invoke(builder, List.of("-Xlint:-options"));
    builder.name("JJava").extensionsEnabled(true);

    Object resolver = made("maven.MavenDependencyResolver");
    Object time = made("kernel.magics.TimeMagic");
    builder.lineMagic("load", (LineMagic<?, ?>) made("kernel.magics.LoadMagic"));
    builder.lineMagic("classpath", (LineMagic<?, ?>) made("kernel.magics.ClasspathMagic"));
    builder.lineMagic("time", (LineMagic<?, ?>) time);
    builder.cellMagic("time", (CellMagic<?, ?>) time);
    builder.lineMagic("maven", (LineMagic<?, ?>) made("maven.magics.MavenMagic", resolver));
    builder.lineMagic("mavenRepo", (LineMagic<?, ?>) made("maven.magics.MavenRepoMagic", resolver));
    builder.lineMagic(
        "loadFromPOM", (LineMagic<?, ?>) made("maven.magics.LoadFromPomLineMagic", resolver));
    builder.cellMagic(
        "loadFromPOM", (CellMagic<?, ?>) made("maven.magics.LoadFromPomCellMagic", resolver));
    return builder.build();
  }

  private static Object made(String name, Object... arguments) throws ReflectiveOperationException {
    try {
      return Class.forName(JJAVA + name).getConstructors()[0].newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("JJava cannot make its " + name, e.getCause());
    }
  }
}
