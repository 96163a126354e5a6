package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.KolorsEmbeddings;
import io.github.kolors4j.internal.comfy.TextModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prompts for a batch of pictures: parted by {@code |}, each for {@code num_images_per_prompt}
 * pictures. Of {@code {a|b}} one is chosen by chance.
 */
public final class KolorsTextEncode implements Node {
  private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)\\}");

  private static String chosen(String text) {
    return BRACES
        .matcher(text)
        .replaceAll(
            match -> {
              String[] options = match.group(1).split("\\|", -1);
              RandomGenerator random = RandomGenerator.getDefault();
              return Matcher.quoteReplacement(options[random.nextInt(options.length)]);
            });
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("KolorsTextEncode")
        .displayName("Kolors Text Encode")
        .category("KwaiKolorsWrapper")
        .pack("custom_nodes.ComfyUI-KwaiKolorsWrapper")
        .input("chatglm3_model", "CHATGLM3MODEL")
        .multilineText("prompt", "")
        .multilineText("negative_prompt", "")
        .integer("num_images_per_prompt", 1, 1, 128, 1)
        .output("KOLORS_EMBEDS", "kolors_embeds");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    String prompt = chosen(inputs.text("prompt"));
    String negative = chosen(inputs.text("negative_prompt"));
    if (!prompt.equals(inputs.text("prompt"))) {
      context.say(prompt);
    }
    int each = (int) inputs.integer("num_images_per_prompt");
    List<String> texts = new ArrayList<>();
    for (String part : prompt.split("\\|", -1)) {
      texts.addAll(Collections.nCopies(each, part));
    }
    KolorsEmbeddings embeddings =
        new KolorsEmbeddings(inputs.get("chatglm3_model", TextModel.class), texts, negative);
    for (int i = 0; i < texts.size(); i += each) {
      embeddings.at(i, true, context.models());
      context.progress(i / each + 1, texts.size() / each);
    }
    return List.of(embeddings);
  }
}
