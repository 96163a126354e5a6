package io.github.kolors4j.training;

import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/** What a training measured so far, one row a step, in the columns of {@code metrics.csv}. */
final class LossHistory {
  static final String HEADER = "step,epoch,train_loss,val_loss,learning_rate\n";

  /**
   * @param step the number of steps made, 0 before the first
   * @param trainLoss NaN before the first step
   * @param validationLoss NaN where none was computed
   */
  record Row(long step, long epoch, float trainLoss, float validationLoss, double learningRate) {
    String csv() {
      return step
          + ","
          + epoch
          + ","
          + number(trainLoss)
          + ","
          + number(validationLoss)
          + ","
          + (Double.isNaN(learningRate) ? "" : learningRate)
          + "\n";
    }

    static Row parse(String line) {
      String[] cells = line.split(",", -1);
      return new Row(
          Long.parseLong(cells[0]),
          Long.parseLong(cells[1]),
          cells[2].isEmpty() ? Float.NaN : Float.parseFloat(cells[2]),
          cells[3].isEmpty() ? Float.NaN : Float.parseFloat(cells[3]),
          cells[4].isEmpty() ? Double.NaN : Double.parseDouble(cells[4]));
    }

    private static String number(float value) {
      return Float.isNaN(value) ? "" : Float.toString(value);
    }
  }

  private final List<Row> rows = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  /** Losses of the training steps, in order. */
  List<Float> losses() {
    return rows.stream().map(Row::trainLoss).filter(loss -> !loss.isNaN()).toList();
  }

  /** The rows with a validation loss. */
  List<Row> validations() {
    return rows.stream().filter(row -> !Float.isNaN(row.validationLoss())).toList();
  }

  boolean isValidated(long step) {
    return validations().stream().anyMatch(row -> row.step() == step);
  }

  /** Mean of the last losses, without those that overflowed. */
  double smoothed() {
    double sum = 0;
    int count = 0;
    for (int i = rows.size() - 1; i >= 0 && count < TrainingProgress.SMOOTHED_OVER; i--) {
      if (Float.isFinite(rows.get(i).trainLoss())) {
        sum += rows.get(i).trainLoss();
        count++;
      }
    }
    return sum / count;
  }

  /** All rows under their header, as {@code metrics.csv} holds them: every number exactly. */
  String csv() {
    StringBuilder csv = new StringBuilder(HEADER);
    rows.forEach(row -> csv.append(row.csv()));
    return csv.toString();
  }

  static LossHistory parse(String csv) {
    LossHistory history = new LossHistory();
    csv.lines().skip(1).map(Row::parse).forEach(history::add);
    return history;
  }

  /** One row a step: {@code step, epoch, train_loss, val_loss, learning_rate}. */
  Table table() {
    LongColumn step = LongColumn.create("step");
    LongColumn epoch = LongColumn.create("epoch");
    DoubleColumn train = DoubleColumn.create("train_loss");
    DoubleColumn validation = DoubleColumn.create("val_loss");
    DoubleColumn rate = DoubleColumn.create("learning_rate");
    for (Row row : rows) {
      step.append(row.step());
      epoch.append(row.epoch());
      train.append((double) row.trainLoss()); // NaN is Tablesaw's missing value
      validation.append((double) row.validationLoss());
      rate.append(row.learningRate());
    }
    return Table.create("loss", step, epoch, train, validation, rate);
  }
}
