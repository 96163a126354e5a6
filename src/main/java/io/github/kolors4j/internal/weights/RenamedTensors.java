package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.NearestName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The tensors of a file under other names, and where the other convention has another number of
 * dimensions for the same values, in other shapes. Tensors that the convention has no name for are
 * left out.
 */
final class RenamedTensors implements TensorFile {
  private final TensorFile file;
  private final Map<String, String> namesInFile;
  private final BiFunction<String, Shape, Shape> shapes;

  /**
   * @param file closed with this one
   * @param namesInFile from each new name to the one in the file
   * @param shapes from a new name and the shape in the file to the shape of as many values
   */
  RenamedTensors(
      TensorFile file, Map<String, String> namesInFile, BiFunction<String, Shape, Shape> shapes) {
    this.file = file;
    this.namesInFile = new LinkedHashMap<>(namesInFile);
    this.shapes = shapes;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(namesInFile.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    TensorInfo info = file.info(inFile(name));
    return new TensorInfo(name, info.type(), shapes.apply(name, info.shape()));
  }

  @Override
  public NDArray read(String name, NDManager manager) {
    NDArray array = file.read(inFile(name), manager);
    Shape shape = shapes.apply(name, array.getShape());
    if (shape.equals(array.getShape())) {
      return array;
    }
    try (array) {
      return array.reshape(shape);
    }
  }

  @Override
  public NDArray map(String name, NDManager manager) {
    String inFile = inFile(name);
    Shape shape = file.info(inFile).shape();
    // A view of another shape would not keep the file's pages: the few such tensors are read.
    return shapes.apply(name, shape).equals(shape)
        ? file.map(inFile, manager)
        : read(name, manager);
  }

  private String inFile(String name) {
    String found = namesInFile.get(name);
    if (found == null) {
      throw new WeightsException(
          "%s has no tensor '%s'; the nearest name is '%s'."
              .formatted(file, name, NearestName.of(name, names())));
    }
    return found;
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
