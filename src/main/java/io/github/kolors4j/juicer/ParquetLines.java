package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines as a parquet file, with the columns that {@link Columns} describes: text, 64-bit
 * integers and decimals, truth values, lists and structs, any of which may be null. Compressed with
 * Snappy, as pyarrow does.
 */
final class ParquetLines implements AutoCloseable {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private final ParquetWriter<JsonObject> writer;

  /** Begins a file in {@code out}, which stays open. */
  ParquetLines(OutputStream out, Columns columns) throws IOException {
    writer =
        new Builder(new Target(out), columns)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build();
  }

  /** Adds a line; fields that it lacks are null. */
  void write(JsonObject line) throws IOException {
    writer.write(line);
  }

  /** Writes what is left, and the index at the end. */
  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static MessageType schema(Columns columns) {
    return new MessageType("schema", types(columns));
  }

  private static List<Type> types(Columns columns) {
    List<Type> types = new ArrayList<>();
    columns
        .fields()
        .forEach(
            (name, column) -> {
              if (isWritten(column)) {
                types.add(type(name, column));
              }
            });
    return types;
  }

  /** The format has no structs without fields. */
  private static boolean isWritten(Columns column) {
    return column.kind() == Columns.Kind.OBJECT
        ? column.fields().values().stream().anyMatch(ParquetLines::isWritten)
        : column.kind() != Columns.Kind.LIST
            || column.element() == null
            || isWritten(column.element());
  }

  private static Type type(String name, Columns column) {
    return switch (column.kind()) {
      case TRUTH -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
      case INTEGER ->
          column.isUnsigned()
              ? Types.optional(PrimitiveTypeName.INT64)
                  .as(LogicalTypeAnnotation.intType(64, false))
                  .named(name)
              : Types.optional(PrimitiveTypeName.INT64).named(name);
      case DECIMAL -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
      case OBJECT ->
          Types.optionalGroup().addFields(types(column).toArray(Type[]::new)).named(name);
      case LIST ->
          Types.optionalGroup()
              .as(LogicalTypeAnnotation.listType())
              .repeatedGroup()
              .addField(column.element() == null ? text(ELEMENT) : type(ELEMENT, column.element()))
              .named(LIST)
              .named(name);
      case TEXT, NOTHING -> text(name);
    };
  }

  private static Type text(String name) {
    return Types.optional(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named(name);
  }

  private static final class Builder extends ParquetWriter.Builder<JsonObject, Builder> {
    private final Columns columns;

    Builder(OutputFile file, Columns columns) {
      super(file);
      this.columns = columns;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<JsonObject> getWriteSupport(Configuration configuration) {
      return new Lines(columns);
    }
  }

  /** Takes lines apart for the library. */
  private static final class Lines extends WriteSupport<JsonObject> {
    private final Columns columns;
    private @Nullable RecordConsumer consumer;

    Lines(Columns columns) {
      this.columns = columns;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema(columns), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer out) {
      consumer = out;
    }

    @Override
    public void write(JsonObject line) {
      RecordConsumer out = Objects.requireNonNull(consumer, "the library prepares, then writes");
      out.startMessage();
      fields(out, line, columns);
      out.endMessage();
    }

    private static void fields(RecordConsumer out, JsonObject object, Columns column) {
      int index = 0;
      for (Map.Entry<String, Columns> field : column.fields().entrySet()) {
        if (!isWritten(field.getValue())) {
          continue;
        }
        JsonElement value = object.get(field.getKey());
        if (value != null && !value.isJsonNull()) {
          out.startField(field.getKey(), index);
          value(out, value, field.getValue());
          out.endField(field.getKey(), index);
        }
        index++;
      }
    }

    private static void value(RecordConsumer out, JsonElement value, Columns column) {
      switch (column.kind()) {
        case TRUTH -> out.addBoolean(value.getAsBoolean());
        case INTEGER -> out.addLong(bits(value.getAsBigInteger(), column));
        case DECIMAL -> out.addDouble(value.getAsDouble());
        case OBJECT -> {
          out.startGroup();
          fields(out, value.getAsJsonObject(), column);
          out.endGroup();
        }
        case LIST -> {
          out.startGroup();
          list(out, value.getAsJsonArray(), column);
          out.endGroup();
        }
        case TEXT, NOTHING -> out.addBinary(Binary.fromString(value.getAsString()));
      }
    }

    private static long bits(BigInteger whole, Columns column) {
      boolean fits =
          column.isUnsigned()
              ? whole.signum() >= 0 && whole.bitLength() <= Long.SIZE
              : whole.bitLength() < Long.SIZE;
      if (!fits) {
        throw new RecipeException(
            "The field %s has the whole number %s, and a parquet file has none beyond 64 bits. Export to .jsonl, or write such numbers in quotation marks in the data set."
                .formatted(column.name(), whole));
      }
      return whole.longValue();
    }

    private static void list(RecordConsumer out, JsonArray items, Columns column) {
      if (items.isEmpty()) {
        return;
      }
      out.startField(LIST, 0);
      for (JsonElement item : items) {
        out.startGroup();
        if (!item.isJsonNull()) {
          out.startField(ELEMENT, 0);
          value(out, item, column.requireElement());
          out.endField(ELEMENT, 0);
        }
        out.endGroup();
      }
      out.endField(LIST, 0);
    }
  }

  /** The stream, as the library wants it: counting, and not closed by it. */
  private record Target(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new PositionOutputStream() {
        private long position;

        @Override
        public long getPos() {
          return position;
        }

        @Override
        public void write(int value) throws IOException {
          out.write(value);
          position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
          position += length;
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
