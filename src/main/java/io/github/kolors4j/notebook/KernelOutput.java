package io.github.kolors4j.notebook;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The display of the Jupyter kernel that this code runs in.
 *
 * <p>IJava 1.3.0 and its heir JJava share their display classes but for the package, and the
 * library is compiled against neither: everything is found by reflection from the running kernel.
 */
final class KernelOutput implements Output {

  /** Static methods that return the running kernel, or null. */
  private static final List<String> KERNELS =
      List.of(
          "io.github.spencerpark.ijava.IJava#getKernelInstance",
          "org.dflib.jjava.jupyter.kernel.BaseKernel#notebookKernel",
          "org.dflib.jjava.JJava#getKernelInstance");

  private final Object kernel;
  private final Object renderer;
  private final String displayPackage;

  private KernelOutput(Object kernel) {
    this.kernel = kernel;
    this.renderer = call(kernel, "getRenderer");
    this.displayPackage = renderer.getClass().getPackageName();
  }

  /** The kernel that runs this Java process, if one does. */
  static Optional<KernelOutput> find() {
    for (String method : KERNELS) {
      String[] parts = method.split("#");
      try {
        Object kernel = Class.forName(parts[0]).getMethod(parts[1]).invoke(null);
        if (kernel != null) {
          return Optional.of(new KernelOutput(kernel));
        }
      } catch (ReflectiveOperationException | LinkageError e) {
        // Another kernel, or none.
      }
    }
    return Optional.empty();
  }

  @Override
  public void show(String id, Object value) {
    Object data = displayData(value);
    call(data, "setDisplayId", id);
    call(kernel, "display", data);
  }

  @Override
  public void update(String id, Object value) {
    Object data = displayData(value);
    call(data, "setDisplayId", id);
    call(displayStream(), "updateDisplay", data);
  }

  /** Makes the kernel show the library's types when they are a cell's last expression. */
  void registerTypes() {
    for (Class<?> type : Rendering.TYPES) {
      Object registration = call(renderer, "createRegistration", type);
      call(registration, "preferring", (Object) new String[] {"image/png", "text/html"});
      call(registration, "register", renderFunction());
    }
  }

  /** {@code (value, context) -> context.getOutputContainer().putData(type, data)}. */
  private Object renderFunction() {
    Class<?> function = kernelClass("RenderFunction");
    return Proxy.newProxyInstance(
        function.getClassLoader(),
        new Class<?>[] {function},
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "kolors4j's renderer";
            };
          }
          put(call(arguments[1], "getOutputContainer"), Rendering.of(arguments[0]));
          return null;
        });
  }

  private Object displayData(Object value) {
    Rendering rendering = Rendering.of(value);
    if (rendering.isTextOnly() && value != null) {
      // The kernel or the notebook's author may know more about this type than we do.
      return call(renderer, "render", value);
    }
    try {
      Object data = kernelClass("DisplayData").getConstructor().newInstance();
      put(data, rendering);
      return data;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this kernel's display differs from IJava's and JJava's", e);
    }
  }

  private static void put(Object displayData, Rendering rendering) {
    for (Map.Entry<String, String> form : rendering.toMimeBundle().entrySet()) {
      call(displayData, "putData", form.getKey(), form.getValue());
    }
  }

  private Object displayStream() {
    Object io = call(kernel, "getIO");
    try {
      return io.getClass().getField("display").get(io);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this kernel's display differs from IJava's and JJava's", e);
    }
  }

  private Class<?> kernelClass(String name) {
    try {
      return Class.forName(displayPackage + "." + name, true, renderer.getClass().getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this kernel's display differs from IJava's and JJava's", e);
    }
  }

  private static Object call(Object target, String name, Object... arguments) {
    for (Method method : target.getClass().getMethods()) {
      if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments)) {
        try {
          return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
          throw e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    throw new IllegalStateException(
        "the kernel's %s has no method %s for %s"
            .formatted(target.getClass().getName(), name, Arrays.toString(arguments)));
  }

  private static boolean fits(Class<?>[] parameters, Object[] arguments) {
    if (parameters.length != arguments.length) {
      return false;
    }
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].isInstance(arguments[i])) {
        return false;
      }
    }
    return true;
  }
}
