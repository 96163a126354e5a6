package io.github.kolors4j.cli;

import io.github.kolors4j.hub.Hub;
import io.github.kolors4j.hub.HubListener;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kolors4j download}: models from ModelScope or Hugging Face. */
@Command(
    name = "download",
    description = {
      "Downloads models. What was interrupted goes on where it ended, and what is here is not"
          + " fetched again. Private models: put a token into MODELSCOPE_API_TOKEN or HF_TOKEN."
          + " Behind a proxy: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (docs/network.md).",
    },
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class DownloadCommand implements Callable<Integer> {

  private enum Source {
    MODELSCOPE,
    HUGGINGFACE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      description = "Kolors, SDXL-vae-fp16-fix, or any OWNER/NAME.",
      defaultValue = "Kolors SDXL-vae-fp16-fix",
      split = " ")
  private List<String> models;

  @Option(names = "--from", description = "modelscope or huggingface.")
  private Source from = Source.MODELSCOPE;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Where models go, in folders of their own.")
  private Path folder = Path.of("models");

  @Option(
      names = "--revision",
      paramLabel = "NAME",
      description = "A branch, tag or commit; otherwise the usual branch.")
  private String revision;

  @Option(names = "--endpoint", paramLabel = "URL", description = "Another address: a mirror.")
  private URI endpoint;

  @Option(names = "--offline", description = "Use no network; look for what is here.")
  private boolean offline;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Hub hub = from == Source.MODELSCOPE ? Hub.modelScope() : Hub.huggingFace();
    ProgressLine line = ProgressLine.of(spec);
    hub = hub.folder(folder).listener(new Report(line));
    if (revision != null) {
      hub = hub.revision(revision);
    }
    if (endpoint != null) {
      hub = hub.endpoint(endpoint);
    }
    if (offline) {
      hub = hub.offline(true);
    }
    Hub.Models downloaded;
    try (line;
        OnInterrupt interrupt =
            OnInterrupt.say(
                spec.commandLine().getErr(),
                () -> "Stopped. What has arrived is kept; the same command goes on from there.")) {
      downloaded = hub.fetch(models.toArray(String[]::new));
    }
    downloaded.folders().values().forEach(spec.commandLine().getOut()::println);
    return 0;
  }

  /** A bar, and a line of its own for whatever should stay: a notice, a model that is here. */
  private static final class Report implements HubListener {
    private final ProgressLine line;
    private final Set<String> complete = new HashSet<>();

    Report(ProgressLine line) {
      this.line = line;
    }

    @Override
    public void notice(String message) {
      line.say(message);
    }

    @Override
    public void progress(HubListener.Progress progress) {
      line.update(progress.model(), progress.fraction(), details(progress));
      if (progress.fraction() >= 1 && complete.add(progress.model())) {
        line.say(progress.toString());
      }
    }

    /** Without the name, which stands before. */
    private static String details(HubListener.Progress progress) {
      return progress.toString().substring(progress.model().length() + 2);
    }
  }
}
