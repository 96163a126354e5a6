package io.github.kolors4j.internal.tensor;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript program given as source text and run by PyTorch through DJL's model loading.
 *
 * <p>The text is packed at start-up into the archive that {@code torch.jit.save} would write: a
 * pickled empty module, its code and an empty table of constants. No Python and no compiled file is
 * involved.
 */
final class TorchProgram implements AutoCloseable {
  /** A pickled instance of class {@code __torch__.Operators} without attributes. */
  private static final byte[] EMPTY_MODULE = bytes("\u0080\u0002c__torch__\nOperators\n)\u0081}b.");

  /** A pickled empty tuple. */
  private static final byte[] NO_CONSTANTS = bytes("\u0080\u0002).");

  /**
   * Optimizing the program's graph pays for its specialised copies only after several slow calls,
   * and methods of a few operators gain nothing from it. The setting belongs to a thread.
   */
  private static final ThreadLocal<Boolean> GRAPH_OPTIMIZATION_OFF =
      ThreadLocal.withInitial(
          () -> {
            JniUtils.setGraphExecutorOptimize(false);
            return true;
          });

  private final NDManager manager;
  private final Model model; // DJL frees a model that nothing refers to any more
  private final PtSymbolBlock block;
  private final Map<String, NDArray> methods = new ConcurrentHashMap<>();
  private final Map<Number, NDArray> numbers = new ConcurrentHashMap<>();

  /**
   * @param source a class named {@code Operators}
   */
  TorchProgram(String source) {
    // On the CPU whatever computes: to read a number from a GPU, PyTorch waits for all its work.
    manager = PyTorch.manager(Device.cpu());
    model = Model.newInstance("operators", Device.cpu(), "PyTorch");
    try {
      model.load(new ByteArrayInputStream(archive(source.getBytes(StandardCharsets.UTF_8))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("PyTorch does not accept the program:\n" + source, e);
    }
    block = (PtSymbolBlock) model.getBlock();
  }

  /** The text of a program that is a resource beside this class. */
  static String source(String resource) {
    try (InputStream text = TorchProgram.class.getResourceAsStream(resource)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs one method. The result belongs to the first argument's manager.
   *
   * @param arguments arrays, or numbers, which the method reads with {@code int()} or {@code
   *     float()}
   */
  NDArray call(String method, Object... arguments) {
    NDList inputs = new NDList(arguments.length + 1);
    for (Object argument : arguments) {
      inputs.add(argument instanceof NDArray array ? array : number((Number) argument));
    }
    NDArray result = run(method, inputs);
    Tape.add(method, arguments, result);
    return result;
  }

  /**
   * Runs one method. Arrays in a row whose names end in {@code []} are one argument, a list.
   *
   * @param inputs the arguments, to which the method's name is added; the first one's manager owns
   *     the result
   */
  NDArray run(String method, NDList inputs) {
    GRAPH_OPTIMIZATION_OFF.get();
    inputs.add(methods.computeIfAbsent(method, this::methodName));
    return IValueUtils.forward(block, inputs, Gradients.areEnabled()).head();
  }

  /**
   * Runs one method without gradients, on arguments that may be used again.
   *
   * @param manager the owner of the result
   */
  NDArray run(String method, NDManager manager, IValue... arguments) {
    try (IValue result = runForValue(method, arguments)) {
      return result.toTensor((PtNDManager) manager);
    }
  }

  /** The same, of any type of result; the caller closes it. */
  IValue runForValue(String method, IValue... arguments) {
    GRAPH_OPTIMIZATION_OFF.get();
    return IValueUtils.runMethod(block, method, arguments);
  }

  private NDArray methodName(String method) {
    NDArray name = manager.create(0);
    name.setName("module_method:" + method);
    return name;
  }

  /** A number as the methods take it; belongs to this program. */
  NDArray number(Number value) {
    // Hyper-parameters such as a learning rate change at every step and come as arrays instead.
    return numbers.computeIfAbsent(
        value,
        v ->
            v instanceof Integer || v instanceof Long
                ? manager.create(v.longValue())
                : manager.create(v.doubleValue()));
  }

  private static byte[] archive(byte[] source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "operators/data.pkl", EMPTY_MODULE);
      store(zip, "operators/code/__torch__.py", source);
      store(zip, "operators/constants.pkl", NO_CONSTANTS);
      store(zip, "operators/version", bytes("3\n"));
      store(zip, "operators/byteorder", bytes("little"));
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
