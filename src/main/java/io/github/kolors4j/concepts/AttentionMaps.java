package io.github.kolors4j.concepts;

import io.github.kolors4j.internal.concepts.AttentionRecorder;
import io.github.kolors4j.internal.concepts.BlockMap;
import io.github.kolors4j.internal.concepts.HeatColours;
import io.github.kolors4j.internal.concepts.PromptTokens;
import io.github.kolors4j.pipeline.DenoisingListener;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Where a picture looked in its text while it was drawn: the cross-attention of the UNet's blocks,
 * as DAAM (Tang et al. 2022, arXiv:2210.04885) and Prompt-to-Prompt (Hertz et al. 2022,
 * arXiv:2208.01626) look at it. Each place of the picture spreads an attention of 1 over the
 * tokens; a mean over heads and layers is kept, of each step and block.
 *
 * <pre>{@code
 * var maps = AttentionMaps.record(pipeline, Prompt.of("红色长发的女孩").seed(1));
 * maps.of("红色长发").over(maps.picture())
 * maps.steps(1, 5).blocks("up_blocks").of("女孩")
 * }</pre>
 *
 * <p>Immutable. With the real Kolors a step of a short prompt takes about a megabyte of Java's
 * memory at 1024×1024.
 */
public final class AttentionMaps {
  private final BufferedImage picture;
  private final PromptTokens tokens;

  /** Height and width of the latents. */
  private final int[] size;

  /** Of each step the blocks' maps, each of (places, tokens). */
  private final List<Map<String, BlockMap>> steps;

  private final boolean ofTextAlone;

  private AttentionMaps(
      BufferedImage picture,
      PromptTokens tokens,
      int[] size,
      List<Map<String, BlockMap>> steps,
      boolean ofTextAlone) {
    this.picture = picture;
    this.tokens = tokens;
    this.size = size;
    this.steps = List.copyOf(steps);
    this.ofTextAlone = ofTextAlone;
  }

  /**
   * Draws a picture and listens.
   *
   * @return the maps and the picture, which is the same as without listening
   */
  public static AttentionMaps record(KolorsPipeline pipeline, Prompt prompt) {
    return record(pipeline, prompt, DenoisingListener.NONE);
  }

  /**
   * The same before a listener's eyes.
   *
   * @throws io.github.kolors4j.StoppedException if the listener stops it
   */
  public static AttentionMaps record(
      KolorsPipeline pipeline, Prompt prompt, DenoisingListener listener) {
    Prompt settled = pipeline.settle(prompt);
    PromptTokens tokens = PromptTokens.of(pipeline.tokenizer(), settled.text());
    List<Map<String, BlockMap>> steps = new ArrayList<>();
    // Where the networks take turns, the UNet leaves memory while the text is encoded; what was
    // encoded is kept, so that the UNet which is listened to is the one that draws.
    pipeline.encodePrompt(settled).close();
    try (AttentionRecorder recorder = AttentionRecorder.on(pipeline.unet())) {
      BufferedImage picture =
          pipeline
              .generate(
                  settled,
                  made -> {
                    steps.add(recorder.take(tokens.names().size()));
                    return listener.stepMade(made);
                  })
              .image();
      long[] shape = pipeline.latentShape(settled).getShape();
      int[] size = {(int) shape[2], (int) shape[3]};
      return new AttentionMaps(picture, tokens, size, steps, false);
    }
  }

  /** The picture that was drawn. */
  public BufferedImage picture() {
    return picture;
  }

  /**
   * What attention can go to: {@code [padding]}, which is all of the padding together, the prefix
   * {@code [gMASK]} and {@code sop}, and the pieces of the prompt.
   */
  public List<String> tokens() {
    return ofTextAlone ? tokens.text() : tokens.names();
  }

  /** How many steps there are. */
  public int stepCount() {
    return steps.size();
  }

  /** The blocks that attend to the text, by their published names, such as {@code mid_block}. */
  public Set<String> blocks() {
    return new TreeSet<>(steps.get(0).keySet());
  }

  /**
   * These steps only.
   *
   * @param first from 1
   * @param last at most {@link #stepCount}, and included
   */
  public AttentionMaps steps(int first, int last) {
    if (first < 1 || last < first || last > steps.size()) {
      throw new IllegalArgumentException(
          "There are the steps 1 to %d, not %d to %d.".formatted(steps.size(), first, last));
    }
    return new AttentionMaps(picture, tokens, size, steps.subList(first - 1, last), ofTextAlone);
  }

  /**
   * These blocks only.
   *
   * @param start how their names start: {@code up_blocks} for all on the way up
   */
  public AttentionMaps blocks(String start) {
    List<Map<String, BlockMap>> fewer = new ArrayList<>();
    for (Map<String, BlockMap> step : steps) {
      Map<String, BlockMap> kept = new TreeMap<>(step);
      kept.keySet().removeIf(name -> !name.startsWith(start));
      fewer.add(kept);
    }
    if (fewer.get(0).isEmpty()) {
      throw new IllegalArgumentException(
          "No block's name starts with '%s'; there are %s.".formatted(start, blocks()));
    }
    return new AttentionMaps(picture, tokens, size, fewer, ofTextAlone);
  }

  /**
   * What goes to the prompt's own pieces, without padding and prefix, brought back to a sum of 1 at
   * each place.
   */
  public AttentionMaps ofTextAlone() {
    if (tokens.text().isEmpty()) {
      throw new IllegalArgumentException("The prompt is empty: attention has no piece to go to.");
    }
    return new AttentionMaps(picture, tokens, size, steps, true);
  }

  /**
   * The map of a word, a mean over the steps and blocks that are left.
   *
   * @param word some of the prompt's text, or one of the {@link #tokens}; the sum of its tokens'
   *     attention, wherever it stands
   * @throws IllegalArgumentException if it is not in the prompt
   */
  public HeatMap of(String word) {
    int height = height();
    int width = width();
    float[] sum = new float[height * width];
    for (float[] token : columns(tokens.of(word))) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += token[i];
      }
    }
    return new HeatMap(word, height, width, sum);
  }

  /** Each token with its share of all attention, in percent. */
  public Table table() {
    DoubleColumn shares = DoubleColumn.create("注意力 share (%)");
    StringColumn names = StringColumn.create("词元 token", tokens());
    int offset = tokens.names().size() - tokens().size();
    for (int i = 0; i < tokens().size(); i++) {
      float[] values = columns(List.of(offset + i)).get(0);
      shares.append(100 * new HeatMap(tokens().get(i), height(), width(), values).mean());
    }
    return Table.create("attention", names, shares);
  }

  /** The maps of tokens, a mean over steps and blocks, at the finest size that is left. */
  private List<float[]> columns(List<Integer> indices) {
    int all = tokens.names().size();
    int height = height();
    int width = width();
    List<float[]> columns = new ArrayList<>();
    for (int ignored : indices) {
      columns.add(new float[height * width]);
    }
    Map<String, BlockMap> blocks = meanOfSteps();
    for (BlockMap block : blocks.values()) {
      int[] grid = grid(block.places());
      for (int k = 0; k < indices.size(); k++) {
        float[] column = new float[block.places()];
        for (int place = 0; place < column.length; place++) {
          column[place] = block.values()[place * all + indices.get(k)];
        }
        float[] large = HeatColours.enlarged(column, grid[0], grid[1], height, width);
        for (int i = 0; i < large.length; i++) {
          columns.get(k)[i] += large[i] / blocks.size();
        }
      }
    }
    return columns;
  }

  private Map<String, BlockMap> meanOfSteps() {
    Map<String, BlockMap> mean = new TreeMap<>();
    for (String name : steps.get(0).keySet()) {
      List<BlockMap> maps = steps.stream().map(step -> step.get(name)).toList();
      BlockMap ofAll = BlockMap.mean(maps);
      mean.put(name, ofTextAlone ? ofAll.without(tokens.prefix()) : ofAll);
    }
    return mean;
  }

  private int height() {
    return grid(finest())[0];
  }

  private int width() {
    return grid(finest())[1];
  }

  private int finest() {
    return steps.get(0).values().stream().mapToInt(BlockMap::places).max().orElseThrow();
  }

  /** Height and width of a feature map: each level halves the latents' and rounds up. */
  private int[] grid(int places) {
    int height = size[0];
    int width = size[1];
    while (height * width > places) {
      height = (height + 1) / 2;
      width = (width + 1) / 2;
    }
    return new int[] {height, width};
  }
}
