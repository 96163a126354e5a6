package io.github.kolors4j.dataset;

import io.github.kolors4j.internal.dataset.TextEncoding;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in a parquet file as Hugging Face's {@code datasets} library stores them: a column
 * {@code image} with {@code bytes} (the picture's file) and {@code path}, and columns of text.
 */
final class ParquetPictures {
  private static final List<String> CAPTIONS = List.of("text", "caption", "prompt");

  private ParquetPictures() {}

  /** Takes the rows one by one, so that only one group of rows is in memory. */
  @FunctionalInterface
  interface Rows {
    /**
     * @param picture the bytes of its file, or null if the row has none
     * @param caption may be empty
     * @param attributes the other columns of text
     */
    void row(byte @Nullable [] picture, String caption, Map<String, String> attributes)
        throws IOException;
  }

  /**
   * Reads a file from its first row to its last.
   *
   * @throws DatasetException if it is damaged or has no pictures
   */
  static void read(Path file, Rows rows) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(new LocalInputFile(RegularFile.require(file)))) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      ColumnDescriptor picture = pictureColumn(schema, file);
      Map<String, ColumnDescriptor> texts = textColumns(schema);
      reader.setRequestedSchema(columns(schema, picture, texts));
      String createdBy = reader.getFooter().getFileMetaData().getCreatedBy();
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        readGroup(file, group, schema, createdBy, picture, texts, rows);
      }
    } catch (DatasetException e) {
      throw e;
    } catch (RuntimeException e) {
      // The library says in many ways that a file is not what it should be.
      throw new DatasetException(
          file
              + " is not a parquet file, or is damaged ("
              + e.getMessage()
              + "): delete it and load the data set again.",
          e);
    }
  }

  private static void readGroup(
      Path file,
      PageReadStore group,
      MessageType schema,
      String createdBy,
      ColumnDescriptor picture,
      Map<String, ColumnDescriptor> texts,
      Rows rows)
      throws IOException {
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            group, new DummyRecordConverter(schema).getRootConverter(), schema, createdBy);
    ColumnReader pictures = store.getColumnReader(picture);
    Map<String, ColumnReader> readers = new LinkedHashMap<>();
    texts.forEach((name, column) -> readers.put(name, store.getColumnReader(column)));
    for (long row = 0; row < group.getRowCount(); row++) {
      byte[] bytes = next(pictures);
      Map<String, String> values = new LinkedHashMap<>();
      for (Map.Entry<String, ColumnReader> text : readers.entrySet()) {
        byte[] value = next(text.getValue());
        if (value != null) {
          String where = file + ", column " + text.getKey();
          values.put(text.getKey(), TextEncoding.utf8(value, where));
        }
      }
      String caption = "";
      for (String name : CAPTIONS) {
        if (texts.containsKey(name)) {
          caption = values.getOrDefault(name, "");
          values.remove(name);
          break;
        }
      }
      rows.row(bytes, caption, values);
    }
  }

  private static byte @Nullable [] next(ColumnReader column) {
    boolean there =
        column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel();
    byte[] value = there ? column.getBinary().getBytes() : null;
    column.consume();
    return value;
  }

  private static ColumnDescriptor pictureColumn(MessageType schema, Path file) {
    List<String> names = new ArrayList<>();
    for (ColumnDescriptor column : schema.getColumns()) {
      String[] path = column.getPath();
      boolean bytes = path[path.length - 1].equals("bytes") && path.length == 2;
      if (isBinary(column) && (bytes || path.length == 1 && path[0].equals("image"))) {
        return column;
      }
      names.add(String.join(".", path));
    }
    throw new DatasetException(
        file + " has no column image with pictures; its columns are " + names);
  }

  private static Map<String, ColumnDescriptor> textColumns(MessageType schema) {
    Map<String, ColumnDescriptor> texts = new LinkedHashMap<>();
    for (ColumnDescriptor column : schema.getColumns()) {
      String name = column.getPath()[0];
      if (column.getPath().length == 1 && isBinary(column) && !name.equals("image")) {
        texts.put(name, column);
      }
    }
    return texts;
  }

  private static boolean isBinary(ColumnDescriptor column) {
    return column.getMaxRepetitionLevel() == 0
        && column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
  }

  /** Those alone, so that the others are not read from disk. */
  private static MessageType columns(
      MessageType schema, ColumnDescriptor picture, Map<String, ColumnDescriptor> texts) {
    List<org.apache.parquet.schema.Type> fields = new ArrayList<>();
    for (org.apache.parquet.schema.Type field : schema.getFields()) {
      if (field.getName().equals(picture.getPath()[0]) || texts.containsKey(field.getName())) {
        fields.add(field);
      }
    }
    return new MessageType(schema.getName(), fields);
  }
}
