package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.function.UnaryOperator;

/**
 * A mapper that edits the text of one field.
 *
 * @param name the name in recipes
 * @param textKey the field
 * @param edit what becomes of a text
 */
record TextMapper(String name, String textKey, UnaryOperator<String> edit) implements Mapper {
  @Override
  public void process(Sample sample) {
    sample.setText(textKey, edit.apply(sample.requireText(textKey)));
  }
}
