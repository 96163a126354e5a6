package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.dataset.TextEncoding;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The rows of a parquet file, with its lists, maps and structs. Points in time become milliseconds
 * since 1970, as in pandas' JSON. One group of rows is held in memory, compressed.
 */
record ParquetRows(Path file) implements RowSource {
  @Override
  public void read(Consumer<Row> sink) throws IOException {
    try (ParquetFileReader reader =
        known(() -> ParquetFileReader.open(new LocalInputFile(RegularFile.require(file))))) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      MessageColumnIO columns = known(() -> new ColumnIOFactory().getColumnIO(schema));
      long bytes = 1 + file.toFile().length() / Math.max(1, reader.getRecordCount());
      int number = 0;
      for (PageReadStore group = known(reader::readNextRowGroup);
          group != null;
          group = known(reader::readNextRowGroup)) {
        PageReadStore pages = group;
        RecordReader<Group> rows =
            known(() -> columns.getRecordReader(pages, new GroupRecordConverter(schema)));
        for (long i = 0; i < group.getRowCount(); i++) {
          Group row = known(rows::read);
          double share = (double) ++number / reader.getRecordCount();
          sink.accept(new Row(number, bytes, share, () -> object(row)));
        }
      }
    }
  }

  /** What the library does. */
  @FunctionalInterface
  private interface Reading<T> {
    T get() throws IOException;
  }

  /** The library says in many ways that a file is not what it should be. */
  private <T> T known(Reading<T> reading) throws IOException {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      throw new RecipeException(
          file + " is not a parquet file, or is damaged (" + e.getMessage() + ").", e);
    }
  }

  private JsonObject object(Group group) {
    JsonObject object = new JsonObject();
    for (Type field : group.getType().getFields()) {
      object.add(field.getName(), field(group, field));
    }
    return object;
  }

  private JsonElement field(Group group, Type field) {
    int count = group.getFieldRepetitionCount(field.getName());
    if (field.isRepetition(Type.Repetition.REPEATED)) {
      JsonArray list = new JsonArray();
      for (int i = 0; i < count; i++) {
        list.add(value(group, field, i));
      }
      return list;
    }
    return count == 0 ? JsonNull.INSTANCE : value(group, field, 0);
  }

  private JsonElement value(Group group, Type field, int index) {
    String name = field.getName();
    if (field.isPrimitive()) {
      return primitive(group, field, index);
    }
    Group inner = group.getGroup(name, index);
    LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
    if (logical instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation) {
      return list(inner);
    }
    if (logical instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation) {
      return map(inner);
    }
    return object(inner);
  }

  /** A list has a repeated field; if that is a group of one field, the items are in that one. */
  private JsonArray list(Group list) {
    Type repeated = list.getType().getType(0);
    JsonArray items = new JsonArray();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      boolean wrapped = !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1;
      if (wrapped) {
        Group item = list.getGroup(0, i);
        items.add(field(item, item.getType().getType(0)));
      } else {
        items.add(value(list, repeated, i));
      }
    }
    return items;
  }

  private JsonObject map(Group map) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
      Group entry = map.getGroup(0, i);
      Type key = entry.getType().getType(0);
      object.add(value(entry, key, 0).getAsString(), field(entry, entry.getType().getType(1)));
    }
    return object;
  }

  private JsonElement primitive(Group group, Type field, int index) {
    String name = field.getName();
    LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
    Supplier<BigInteger> unscaled = () -> new BigInteger(bytes(group, name, index));
    return switch (field.asPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> new JsonPrimitive(group.getBoolean(name, index));
      case INT32 -> whole(logical, bits32(logical, group.getInteger(name, index)));
      case INT64 -> whole(logical, group.getLong(name, index));
      case FLOAT -> decimal(group.getFloat(name, index));
      case DOUBLE -> decimal(group.getDouble(name, index));
      case BINARY, FIXED_LEN_BYTE_ARRAY -> {
        if (logical instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation number) {
          yield new JsonPrimitive(new BigDecimal(unscaled.get(), number.getScale()));
        }
        if (logical == null) {
          throw new RecipeException(
              "%s has bytes in its column %s, perhaps whole pictures; a recipe needs the paths of picture files. Export such a set first: CaptionedImages.load(…).export(folder)."
                  .formatted(file, name));
        }
        yield new JsonPrimitive(
            TextEncoding.utf8(bytes(group, name, index), file + ", column " + name));
      }
      case INT96 ->
          throw new RecipeException(
              "%s has an outdated kind of time (INT96) in its column %s; leave the column out."
                  .formatted(file, name));
    };
  }

  /**
   * Equal values share their bytes, and {@code Binary.getBytes} moves about in them: rows that are
   * read side by side each take a view of their own.
   */
  private static byte[] bytes(Group group, String name, int index) {
    ByteBuffer view = group.getBinary(name, index).toByteBuffer().duplicate();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }

  private static long bits32(LogicalTypeAnnotation logical, int value) {
    boolean unsigned =
        logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation type && !type.isSigned();
    return unsigned ? Integer.toUnsignedLong(value) : value;
  }

  private static JsonElement whole(LogicalTypeAnnotation logical, long value) {
    if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return new JsonPrimitive(TimeUnit.DAYS.toMillis(value));
    }
    if (logical instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation time) {
      return new JsonPrimitive(
          switch (time.getUnit()) {
            case MILLIS -> value;
            case MICROS -> Math.floorDiv(value, 1_000L);
            case NANOS -> Math.floorDiv(value, 1_000_000L);
          });
    }
    if (logical instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation number) {
      return new JsonPrimitive(BigDecimal.valueOf(value, number.getScale()));
    }
    boolean unsigned =
        logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation type && !type.isSigned();
    return unsigned && value < 0 ? unsigned(value) : new JsonPrimitive(value);
  }

  /** The library gives the bits as a signed number. */
  private static JsonPrimitive unsigned(long bits) {
    return new JsonPrimitive(new BigInteger(Long.toUnsignedString(bits)));
  }

  /** JSON has no infinity and no "not a number": they are null, as pandas writes them. */
  private static JsonElement decimal(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }
}
