package io.github.kolors4j.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.StoppedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each misbehaviour of a server ends with the right file or a clear error, never a wrong file. */
@Timeout(60)
class HubTest {
  private static final String ID = "someone/something";
  private static final String FILE = "unet/weights.safetensors";
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(7).nextBytes(CONTENT);
  }

  private static final RetryPolicy QUICK =
      new RetryPolicy(
          3,
          Duration.ofMillis(10),
          Duration.ofMillis(1500),
          Duration.ofMillis(1500),
          Duration.ofSeconds(10));

  @TempDir Path home;
  private final LocalHub server = new LocalHub();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<HubListener.Progress> progress = new CopyOnWriteArrayList<>();
  private final HubListener listener =
      new HubListener() {
        @Override
        public void notice(String message) {
          notices.add(message);
        }

        @Override
        public void progress(HubListener.Progress now) {
          progress.add(now);
        }
      };

  @BeforeEach
  void oneFile() {
    environment.put("HOME", home.toString());
    server.files.put("config.json", "{}".getBytes(UTF_8));
    server.files.put(FILE, CONTENT);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Hub hub() {
    return hub(false, new FileDownload.Parallel(1, Long.MAX_VALUE, Long.MAX_VALUE));
  }

  private Hub hub(boolean huggingFace, FileDownload.Parallel parallel) {
    HubSettings s = HubSettings.of(huggingFace, environment);
    return new Hub(
        new HubSettings(
            huggingFace,
            s.environment(),
            server.address(),
            null,
            home.resolve("models"),
            null,
            s.offline(),
            listener,
            s.stopWhen(),
            QUICK,
            parallel));
  }

  private Hub huggingFace() {
    return hub(true, new FileDownload.Parallel(1, Long.MAX_VALUE, Long.MAX_VALUE));
  }

  private Path folder() {
    return home.resolve("models").resolve(ID);
  }

  private void assertRightFileAndNothingElse() throws IOException {
    assertThat(folder().resolve(FILE)).hasBinaryContent(CONTENT);
    assertThat(leftovers()).isEmpty();
  }

  private void assertNoFile() {
    assertThat(folder().resolve(FILE)).doesNotExist();
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> all = Files.walk(folder())) {
      return all.filter(p -> p.toString().contains("receiving") || p.toString().endsWith(".part"))
          .toList();
    }
  }

  @Test
  void aModelIsDownloadedToItsOwnFolder() throws IOException {
    Hub.Models models = hub().fetch(ID);

    assertThat(models.folder(ID)).isEqualTo(folder());
    assertThat(folder().resolve("config.json")).hasContent("{}");
    assertRightFileAndNothingElse();
    assertThat(notices).isEmpty();
  }

  @Test
  void whatIsHereIsNotFetchedAgain() {
    hub().fetch(ID);
    server.requests.clear();
    hub().fetch(ID);
    assertThat(server.fileRequests()).isEmpty();
  }

  @Test
  void aFileOfTheSameSizeAndAnotherRevisionIsFetchedAgain() throws IOException {
    hub().fetch(ID);
    byte[] next = CONTENT.clone();
    next[7]++;
    server.files.put(FILE, next);
    server.requests.clear();
    hub().revision("v2").fetch(ID);
    assertThat(folder().resolve(FILE)).hasBinaryContent(next);
    assertThat(notices).singleElement().asString().contains(FILE, "other content");
    assertThat(server.fileRequests()).as("what is the same stays").hasSize(1);
  }

  @Test
  void aFileThatTheDiskLostIsFetchedAgain() throws IOException {
    for (boolean checksums : List.of(true, false)) {
      server.withChecksums = checksums;
      hub().fetch(ID);
      notices.clear();
      Files.write(folder().resolve(FILE), new byte[CONTENT.length]);
      Files.setLastModifiedTime(folder().resolve(FILE), FileTime.fromMillis(1));
      hub().fetch(ID);
      assertRightFileAndNothingElse();
      assertThat(notices).singleElement().asString().contains(FILE, "downloaded again");
    }
  }

  @Test
  void aFileThatWasTouchedOnlyIsReadAndKept() throws IOException {
    hub().fetch(ID);
    Files.setLastModifiedTime(folder().resolve(FILE), FileTime.fromMillis(1));
    server.requests.clear();
    hub().fetch(ID);
    assertThat(server.fileRequests()).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void aFileOfAnotherProgramIsCheckedBeforeItIsKept() throws IOException {
    Files.createDirectories(folder().resolve(FILE).getParent());
    Files.write(folder().resolve(FILE), CONTENT);
    Files.writeString(folder().resolve("config.json"), "[]");
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(folder().resolve("config.json")).hasContent("{}");
    assertThat(server.fileRequests()).hasSize(1);
  }

  @Test
  void whereTheHubListsNoChecksumAnotherRevisionIsFetchedAndAnotherProgramsFileIsSaid()
      throws IOException {
    server.withChecksums = false;
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("config.json"), "[]");
    hub().fetch(ID);
    assertThat(folder().resolve("config.json")).hasContent("[]");
    assertThat(notices).singleElement().asString().contains("config.json", "cannot be told");

    hub().revision("v2").fetch(ID);
    assertThat(folder().resolve("config.json")).hasContent("{}");
  }

  @Test
  void offlineAFileThatWasChangedIsNamed() throws IOException {
    hub().fetch(ID);
    Files.write(folder().resolve(FILE), new byte[CONTENT.length]);
    Files.setLastModifiedTime(folder().resolve(FILE), FileTime.fromMillis(1));
    assertThatThrownBy(() -> hub().offline(true).fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("Damaged or changed are " + FILE);
  }

  @Test
  void aRepositorysFilesMayHaveTheNamesThatDownloadsHave() throws IOException {
    for (String name :
        List.of(FILE + ".part", FILE + ".part.json", FILE + ".link", ".kolors4j.json")) {
      server.files.put(name, name.getBytes(UTF_8));
    }
    server.nextFileAnswers.add(LocalHub.text(200, "{}"));
    server.nextFileAnswers.add(LocalHub.dropAfter(100_000));
    server.files.put(".kolors4j/listing.json", "{}".getBytes(UTF_8));
    hub().fetch(ID);
    hub().fetch(ID);
    for (String name : server.files.keySet()) {
      if (!name.startsWith(".kolors4j/")) {
        assertThat(folder().resolve(name)).hasBinaryContent(server.files.get(name));
      }
    }
    assertThat(notices).filteredOn(n -> n.contains("is left out")).hasSize(2);
  }

  @Test
  void whatAKilledDownloadLeftOfAFileThatIsNoMoreIsCleanedUp() throws IOException {
    Path left = new OwnFolder(folder()).bytes("of/an/older/revision.bin");
    Path wanted = new OwnFolder(folder()).bytes("unet/later.safetensors");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "half");
    Files.writeString(wanted, "half");
    server.files.put("unet/later.safetensors", CONTENT);
    hub().fetchDataset(ID, path -> path.equals("config.json"));
    assertThat(left).doesNotExist();
    assertThat(wanted).as("of a file that another call may want").exists();
  }

  @Test
  void sizesThatAreNoneAreRefused() {
    for (String size :
        List.of("9223372036854775807", "99999999999999999999", "1e300", "1.5", "-1")) {
      server.nextListAnswers.add(
          LocalHub.text(
              200,
              "{\"Code\":200,\"Data\":{\"Files\":[{\"Path\":\"a\",\"Size\":7},{\"Path\":\"b\",\"Size\":%s}]}}"
                  .formatted(size)));
      assertThatThrownBy(() -> hub().fetch(ID)).as(size).isInstanceOf(HubException.class);
    }
    assertThat(server.fileRequests()).isEmpty();
  }

  @Test
  void withoutANetworkTheFirstRefusalIsEnough() {
    server.close();
    assertThatThrownBy(() -> hub().fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("127.0.0.1", "--from huggingface", "HF_ENDPOINT", "HTTPS_PROXY");
    assertThat(notices).as("not tried again").isEmpty();
  }

  @Test
  void theCourseNamesFillTheCourseFolders() {
    CourseModel.BY_NAME.values().forEach(m -> m.files().forEach(f -> server.files.put(f, CONTENT)));
    server.files.put("config.json", "{}".getBytes(UTF_8));
    server.files.put("text_encoder/tokenizer.model", "pieces".getBytes(UTF_8));
    server.files.put("imgs/unwanted.png", CONTENT);

    Hub.Models models = hub().fetch("Kolors", "SDXL-vae-fp16-fix");

    Path kolors = home.resolve("models/kolors/Kolors");
    assertThat(models.kolors()).contains(kolors);
    assertThat(models.vae()).contains(home.resolve("models/sdxl-vae-fp16-fix"));
    assertThat(kolors.resolve("text_encoder/pytorch_model-00007-of-00007.bin")).exists();
    assertThat(kolors.resolve("text_encoder/tokenizer.model")).exists();
    assertThat(kolors.resolve("imgs")).doesNotExist();
    assertThat(server.requests.get(0).path()).contains("/api/v1/models/Kwai-Kolors/Kolors/");
  }

  @Test
  void aCourseModelWithoutOneOfItsFilesIsRefused() {
    assertThatThrownBy(() -> hub().fetch("SDXL-vae-fp16-fix"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("has no diffusion_pytorch_model.safetensors");
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> hub().fetch("Colors"))
        .hasMessageContaining("[Kolors, SDXL-vae-fp16-fix]");
    assertThatThrownBy(() -> hub().fetch("../x")).hasMessageContaining("not a name");
  }

  @Test
  void huggingFaceIsDownloadedPageByPage() throws IOException {
    server.pageSize = 1;
    huggingFace().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.requests).filteredOn(r -> r.path().contains("/tree/main")).hasSize(2);
  }

  @Test
  void aSmallFileOfHuggingFaceIsCheckedByItsGitHash() {
    server.usual = LocalHub.text(200, "[]");
    assertThatThrownBy(() -> huggingFace().fetch(ID))
        .hasMessageContaining("config.json")
        .hasMessageContaining("checksum");
    assertThat(folder().resolve("config.json")).doesNotExist();
  }

  @Test
  void aListOfMoreThanThreeThousandFilesIsWalkedFolderByFolder() {
    String many =
        IntStream.range(0, 3000)
            .mapToObj(i -> "{\"Path\":\"a/%d\",\"Type\":\"blob\",\"Size\":0}".formatted(i))
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    String envelope = "{\"Code\":200,\"Data\":{\"Files\":[%s]}}";
    server.nextListAnswers.add(LocalHub.text(200, envelope.formatted(many)));
    server.nextListAnswers.add(
        LocalHub.text(
            200,
            envelope.formatted(
                "{\"Path\":\"unet\",\"Type\":\"tree\"},{\"Path\":\"config.json\",\"Type\":\"blob\",\"Size\":2}")));
    server.nextListAnswers.add(
        LocalHub.text(
            200,
            envelope.formatted(
                "{\"Path\":\"%s\",\"Type\":\"blob\",\"Size\":%d}"
                    .formatted(FILE, CONTENT.length))));

    hub().fetch(ID);

    assertThat(folder().resolve(FILE)).hasBinaryContent(CONTENT);
    assertThat(server.requests.get(2).query()).contains("Root=unet");
  }

  @Test
  void aConnectionThatDropsMidwayIsResumed() throws IOException {
    server.files.remove("config.json");
    server.nextFileAnswers.add(LocalHub.dropAfter(100_000));

    hub().fetch(ID);

    assertRightFileAndNothingElse();
    assertThat(server.fileRequests()).hasSize(2);
    assertThat(server.fileRequests().get(1).range())
        .startsWith("bytes=")
        .doesNotStartWith("bytes=0-");
    assertThat(notices).hasSize(1).first().asString().contains("next try in");
  }

  @Test
  void aConnectionThatAlwaysDropsIsAnErrorAndWhatArrivedIsKept() throws IOException {
    server.files.remove("config.json");
    server.usual =
        (exchange, content) -> {
          if (exchange.getRequestHeaders().getFirst("Range") == null) {
            LocalHub.dropAfter(100_000).to(exchange, content);
          }
        };
    assertThatThrownBy(() -> hub().fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(FILE)
        .hasMessageContaining("failed 3 times in a row")
        .hasMessageContaining("run it again");
    assertNoFile();

    server.usual = LocalHub::serve;
    server.requests.clear();
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests())
        .singleElement()
        .satisfies(r -> assertThat(r.range()).isNotNull());
  }

  @Test
  void aFileOfAnotherLengthThanListedIsRefused() {
    server.falseSizes.put(FILE, CONTENT.length + 10L);
    assertThatThrownBy(() -> hub().fetch(ID))
        .hasMessageContaining("300000 bytes where the hub lists 300010");
    assertNoFile();
  }

  @Test
  void aFileOfAnotherLengthWithoutAnAnnouncedOneIsRefused() {
    server.falseSizes.put(FILE, CONTENT.length - 10L);
    server.usual =
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, 0); // in chunks
          exchange.getResponseBody().write(content);
          exchange.getResponseBody().close();
        };
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("more bytes than the file has");
    assertNoFile();
  }

  @Test
  void aFileWithAWrongHashIsThrownAway() throws IOException {
    server.falseChecksums.put(FILE, "0".repeat(64));
    assertThatThrownBy(() -> hub().fetch(ID))
        .hasMessageContaining("arrived 3 times")
        .hasMessageContaining("checksum");
    assertNoFile();
    assertThat(new OwnFolder(folder()).bytes(FILE)).doesNotExist();
  }

  @Test
  void aFileThatArrivesRightTheSecondTimeIsKept() throws IOException {
    server.files.remove("config.json");
    byte[] wrong = CONTENT.clone();
    wrong[5]++;
    server.nextFileAnswers.add((exchange, content) -> LocalHub.serve(exchange, wrong));
    hub().fetch(ID);
    assertRightFileAndNothingElse();
  }

  @Test
  void tooManyRequestsWithRetryAfterPausesAsLongAsAsked() throws IOException {
    server.nextFileAnswers.add(LocalHub.text(429, "slow down", "Retry-After", "1"));
    long start = System.nanoTime();
    hub().fetch(ID);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(950));
    assertRightFileAndNothingElse();
  }

  @Test
  void tooManyRequestsWithoutRetryAfterBacksOff() throws IOException {
    server.nextListAnswers.add(LocalHub.text(429, ""));
    server.nextFileAnswers.add(LocalHub.text(429, ""));
    server.nextFileAnswers.add(LocalHub.text(429, ""));
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(notices).hasSize(3).allMatch(n -> n.contains("429"));
  }

  @Test
  void serverErrorsAreTriedAgainAndThenReported() throws IOException {
    server.nextFileAnswers.add(LocalHub.text(500, "oops"));
    server.nextFileAnswers.add(LocalHub.text(503, "oops"));
    hub().fetch(ID);
    assertRightFileAndNothingElse();

    Files.delete(folder().resolve(FILE));
    server.usual = LocalHub.text(502, "oops");
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("answered 502");
    assertNoFile();
  }

  @Test
  void aModelThatDoesNotExistIsSaidSo() {
    server.nextListAnswers.add(LocalHub.text(404, "{\"Code\":404}"));
    assertThatThrownBy(() -> hub().fetch(ID))
        .hasMessageContaining(ID)
        .hasMessageContaining("not found");
    server.nextListAnswers.add(LocalHub.text(200, "{\"Code\":404,\"Message\":\"nobody\"}"));
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("nobody");
  }

  @Test
  void aFileThatIsListedAndMissingIsSaidSo() {
    server.usual = LocalHub.text(404, "");
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("config.json was not found");
    assertNoFile();
  }

  @Test
  void theTokenIsNotSentToASecondHostAndInNoMessage() throws IOException {
    environment.put("MODELSCOPE_API_TOKEN", "ms-secret");
    try (LocalHub storage = new LocalHub()) {
      storage.files.putAll(server.files);
      server.usual =
          (exchange, content) ->
              LocalHub.redirect(
                      storage.address()
                          + "/api/v1/x/repo?"
                          + exchange.getRequestURI().getRawQuery()
                          + "&signature=abc")
                  .to(exchange, content);
      hub().fetch(ID);
      assertRightFileAndNothingElse();
      assertThat(server.requests).allMatch(r -> "Bearer ms-secret".equals(r.authorization()));
      assertThat(server.requests).allMatch(r -> "m_session_id=ms-secret".equals(r.cookie()));
      assertThat(storage.requests).hasSize(2);
      assertThat(storage.requests).allMatch(r -> r.authorization() == null && r.cookie() == null);

      Files.delete(folder().resolve(FILE));
      storage.usual = LocalHub.text(403, "you sent ms-secret");
      assertThatThrownBy(() -> hub().fetch(ID))
          .hasMessageContaining("403")
          .hasMessageNotContaining("ms-secret")
          .hasMessageNotContaining("signature");
      server.nextListAnswers.add(LocalHub.text(418, "you sent ms-secret"));
      assertThatThrownBy(() -> hub().fetch(ID))
          .hasMessageContaining("you sent ***")
          .hasMessageNotContaining("ms-secret");
    }
    assertThat(String.join("", notices)).doesNotContain("ms-secret");
    assertThat(hub().toString()).doesNotContain("ms-secret");
  }

  @Test
  void aRedirectInACircleIsRefused() {
    server.usual =
        (exchange, content) ->
            LocalHub.redirect(exchange.getRequestURI().toString()).to(exchange, content);
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("circle");
  }

  @Test
  void aRedirectToAFileOfThisComputerIsRefused() {
    server.usual = LocalHub.redirect("file:///etc/passwd");
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("not safe");
  }

  @Test
  void aLargeFileArrivesInParallelParts() throws IOException {
    hub(false, new FileDownload.Parallel(4, 100_000, 64_000)).fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests())
        .extracting(LocalHub.Request::range)
        .contains("bytes=0-63999", "bytes=64000-127999", "bytes=256000-299999");
  }

  @Test
  void aBrokenPartOfManyIsResumedAlone() throws IOException {
    server.files.remove("config.json");
    server.nextFileAnswers.add(LocalHub.text(500, ""));
    hub(false, new FileDownload.Parallel(4, 100_000, 64_000)).fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests()).hasSize(6);
  }

  @Test
  void aServerWithoutRangesSendsALargeFileInOne() throws IOException {
    server.usual = LocalHub::ignoreRanges;
    hub(false, new FileDownload.Parallel(4, 100_000, 64_000)).fetch(ID);
    assertRightFileAndNothingElse();
  }

  @Test
  void aServerThatIgnoresTheRangeOfAResumptionSendsAllAgain() throws IOException {
    server.files.remove("config.json");
    server.usual = LocalHub::ignoreRanges;
    server.nextFileAnswers.add(LocalHub.dropAfter(100_000));
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests().get(1).range()).isNotNull();
    assertThat(progress.get(progress.size() - 1).bytes()).isEqualTo(CONTENT.length);
  }

  @Test
  void aServerThatSendsAnotherRangeThanAskedForIsNotBelieved() throws IOException {
    server.files.remove("config.json");
    server.nextFileAnswers.add(LocalHub.dropAfter(100_000));
    server.nextFileAnswers.add(
        LocalHub.text(206, "x", "Content-Range", "bytes 0-0/" + CONTENT.length));
    hub().fetch(ID);
    assertRightFileAndNothingElse();
  }

  @Test
  void aFileThatChangedBeforeItIsResumedIsFetchedAnew() throws IOException {
    server.withChecksums = false; // so that the tag alone can tell
    server.files.remove("config.json");
    server.usual =
        (exchange, content) -> {
          if (exchange.getRequestHeaders().getFirst("Range") == null) {
            LocalHub.dropAfter(100_000).to(exchange, content);
          }
        };
    byte[] old = CONTENT.clone();
    old[0]++;
    server.files.put(FILE, old);
    assertThatThrownBy(() -> hub().fetch(ID)).isInstanceOf(HubException.class);
    assertThat(new OwnFolder(folder()).bytes(FILE)).exists();

    server.files.put(FILE, CONTENT);
    server.usual = LocalHub::serve;
    server.requests.clear();
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests().get(0).range()).isNotNull();
  }

  @Test
  void pathsThatLeaveTheFolderAreRefused() {
    for (String path :
        List.of("../evil", "/etc/evil", "a/../../evil", "a\\evil", "C:evil", "", "a//b")) {
      server.files.clear();
      server.files.put(path, CONTENT);
      assertThatThrownBy(() -> hub().fetch(ID))
          .as(path)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("does not stay inside");
      assertThat(server.fileRequests()).isEmpty();
    }
  }

  @Test
  void aLinkThatLeavesTheFolderIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.createDirectories(folder());
    Files.createSymbolicLink(folder().resolve("unet"), elsewhere);
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("link out of");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aListThatIsCutOffIsSaidSo() {
    server.nextListAnswers.add(LocalHub.text(200, "{\"Code\":200,\"Data\":{\"Files\":[{\"Pa"));
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("not whole JSON");
    for (String odd :
        List.of("", "[]", "{\"Code\":200}", "{\"Code\":200,\"Data\":{\"Files\":[1]}}")) {
      server.nextListAnswers.add(LocalHub.text(200, odd));
      assertThatThrownBy(() -> hub().fetch(ID)).as(odd).hasMessageContaining("damaged");
    }
  }

  @Test
  void aStalledConnectionIsGivenUpAndResumed() throws IOException {
    server.files.remove("config.json");
    server.nextFileAnswers.add(LocalHub.stallAfter(100_000));
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(notices).anyMatch(n -> n.startsWith(FILE) && n.contains("stalled"));
    assertThat(server.fileRequests()).anyMatch(r -> r.range() != null);
  }

  @Test
  void offlineWhatIsHereIsUsed() {
    hub().fetch(ID);
    server.requests.clear();
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(hub().fetch(ID).folder(ID)).isEqualTo(folder());
    assertThat(server.requests).isEmpty();
  }

  @Test
  void offlineWhatIsMissingIsNamed() throws IOException {
    assertThatThrownBy(() -> hub().offline(true).fetch("SDXL-vae-fp16-fix"))
        .hasMessageContaining("offline")
        .hasMessageContaining("Missing are diffusion_pytorch_model.safetensors");
    hub().fetch(ID);
    Files.write(folder().resolve(FILE), new byte[3]);
    assertThatThrownBy(() -> hub().offline(true).fetch(ID)).hasMessageContaining("not here whole");
    assertThat(server.fileRequests()).hasSize(2);
  }

  @Test
  void aHubThatDoesNotAnswerIsNoHindranceIfAllIsHere() {
    hub().fetch(ID);
    server.close();
    hub().fetch(ID);
    assertThat(notices.get(notices.size() - 1)).contains("an earlier download");
    assertThatThrownBy(() -> hub().fetch("someone/else"))
        .hasMessageContaining("Is there a network?");
  }

  @Test
  void withoutAnAnswerWhatPythonDownloadedIsUsed() throws IOException {
    server.close();
    Path cached = home.resolve(".cache/modelscope/hub/someone/something").resolve(FILE);
    Files.createDirectories(cached.getParent());
    Files.write(cached, CONTENT);
    hub().fetch(ID);
    assertThat(folder().resolve(FILE)).hasBinaryContent(CONTENT);
    assertThat(notices).singleElement().asString().contains("does not answer");
  }

  @Test
  void aDiskThatIsTooSmallIsNoticedBeforehand() {
    server.falseSizes.put(FILE, 1L << 60);
    assertThatThrownBy(() -> hub().fetch(ID)).hasMessageContaining("needs 1048576.0 TiB more");
    assertThat(server.fileRequests()).isEmpty();
  }

  @Test
  void aFolderThatAnotherProcessHoldsIsWaitedFor() throws Exception {
    Process other = OtherProcess.start("lock", folder().toString());
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(other.getInputStream(), UTF_8))) {
      assertThat(said.readLine()).isEqualTo("held");
      Thread release =
          new Thread(
              () -> {
                while (notices.isEmpty()) {
                  Thread.onSpinWait();
                }
                try {
                  other.getOutputStream().close();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      release.start();
      hub().fetch(ID);
      assertThat(notices).hasSize(1).first().asString().contains("Another notebook");
      assertRightFileAndNothingElse();
    } finally {
      other.destroy();
    }
  }

  @Test
  void aFolderThatAnotherProcessNeverFreesIsAClearError() throws Exception {
    Process other = OtherProcess.start("lock", folder().toString());
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(other.getInputStream(), UTF_8))) {
      assertThat(said.readLine()).isEqualTo("held");
      StopCheck never = new StopCheck(() -> false);
      assertThatThrownBy(() -> FolderLock.take(folder(), Duration.ofMillis(200), listener, never))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("more than 0 s");
    } finally {
      other.destroy();
    }
  }

  @Test
  void twoProcessesThatDownloadTheSameAtOnceBothSucceed() throws Exception {
    server.usual = LocalHub.slowly(3, 50);
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(
          OtherProcess.start(
              "download", server.address().toString(), home.resolve("models").toString()));
    }
    for (Process one : both) {
      String said = new String(one.getInputStream().readAllBytes(), UTF_8);
      assertThat(one.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(said).endsWith("done\n");
    }
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests()).hasSize(2);
  }

  @Test
  void filesInPythonsModelScopeCacheAreFound() throws IOException {
    for (String layout :
        List.of(
            "hub/someone/some___thing",
            "hub/models/someone/some___thing",
            "models/someone--some.thing/snapshots/master")) {
      Path model = home.resolve("models/someone/some.thing");
      Path cached = home.resolve(".cache/modelscope").resolve(layout).resolve(FILE);
      Files.createDirectories(cached.getParent());
      Files.write(cached, CONTENT);
      server.requests.clear();

      hub().fetch("someone/some.thing");

      assertThat(model.resolve(FILE)).hasBinaryContent(CONTENT);
      assertThat(server.fileRequests()).as(layout).allMatch(r -> r.query().contains("config.json"));
      assertThat(Files.isSameFile(model.resolve(FILE), cached)).isTrue();
      Files.delete(model.resolve(FILE));
      Files.delete(cached);
    }
  }

  @Test
  void filesInPythonsHuggingFaceCacheAreFoundWithoutANetwork() throws IOException {
    Path cache = home.resolve("hf/models--someone--something");
    Path blob = cache.resolve("blobs/" + LocalHub.sha256(CONTENT));
    Path pointer = cache.resolve("snapshots/0123abc").resolve(FILE);
    Files.createDirectories(blob.getParent());
    Files.createDirectories(pointer.getParent());
    Files.createDirectories(cache.resolve("refs"));
    Files.writeString(cache.resolve("refs/main"), "0123abc");
    Files.write(blob, CONTENT);
    Files.createSymbolicLink(pointer, pointer.getParent().relativize(blob));
    environment.put("HF_HUB_CACHE", home.resolve("hf").toString());

    huggingFace().offline(true).fetch(ID);
    assertRightFileAndNothingElse();

    Files.delete(folder().resolve(FILE));
    huggingFace().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests())
        .singleElement()
        .satisfies(r -> assertThat(r.path()).endsWith("config.json"));
  }

  @Test
  void aDamagedFileInPythonsCacheIsNotUsed() throws IOException {
    Path cached = home.resolve(".cache/modelscope/hub/someone/something").resolve(FILE);
    Files.createDirectories(cached.getParent());
    byte[] damaged = CONTENT.clone();
    damaged[9]++;
    Files.write(cached, damaged);
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(cached).hasBinaryContent(damaged);
  }

  @Test
  void aDownloadThatAPersonStopsGoesOnLater() throws IOException {
    server.files.remove("config.json");
    server.usual = LocalHub.slowly(30, 50);
    AtomicBoolean stop = new AtomicBoolean();
    HubListener stopper =
        new HubListener() {
          @Override
          public void progress(HubListener.Progress now) {
            stop.set(now.bytes() > 20_000);
          }
        };
    assertThatThrownBy(() -> hub().listener(stopper).stopWhen(stop::get).fetch(ID))
        .isInstanceOf(StoppedException.class);
    assertNoFile();

    server.usual = LocalHub::serve;
    server.requests.clear();
    hub().fetch(ID);
    assertRightFileAndNothingElse();
    assertThat(server.fileRequests())
        .singleElement()
        .satisfies(r -> assertThat(r.range()).doesNotStartWith("bytes=0-"));
  }

  @Test
  void anInterruptedThreadStops() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> hub().fetch(ID)).isInstanceOf(StoppedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void progressNamesSpeedAndTimeLeft() {
    server.files.remove("config.json");
    server.usual = LocalHub.slowly(6, 100);
    hub().fetch(ID);
    assertThat(progress).hasSizeGreaterThan(2);
    HubListener.Progress early = progress.get(1);
    assertThat(early.model()).isEqualTo(ID);
    assertThat(early.file()).isEqualTo(FILE);
    assertThat(early.of()).isEqualTo(CONTENT.length);
    assertThat(early.bytesPerSecond()).isBetween(100_000.0, 2_000_000.0);
    assertThat(progress.get(progress.size() - 1).fraction()).isEqualTo(1);
    assertThat(
            new HubListener.Progress(
                    "Kolors",
                    "a",
                    1_288_490_189L,
                    17_716_740_096L,
                    25_165_824,
                    Duration.ofSeconds(652))
                .toString())
        .isEqualTo("Kolors: 1.2 GiB of 16.5 GiB (7%), 24.0 MiB/s, 10:52 left");
  }

  @Test
  void anEmptyFileIsDownloaded() {
    server.files.put("empty.txt", new byte[0]);
    hub().fetch(ID);
    assertThat(folder().resolve("empty.txt")).isEmptyFile();
  }

  @Test
  void settingsOfTheEnvironmentAreChecked() {
    environment.put("MODELSCOPE_DOWNLOAD_PARALLELS", "many");
    assertThatThrownBy(() -> HubSettings.of(false, environment))
        .hasMessageContaining("whole number");
    StopCheck never = new StopCheck(() -> false);
    assertThatThrownBy(() -> HubSettings.of(true, Map.of("HF_ENDPOINT", "nowhere")).servers(never))
        .hasMessageContaining("HF_ENDPOINT");
    assertThatThrownBy(() -> HubSettings.of(true, Map.of("HF_TOKEN", "a b")).servers(never))
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("a b");
    assertThat(HubSettings.of(false, Map.of()).servers(never))
        .extracting(s -> ((ModelScopeServer) s).endpoint().getHost())
        .containsExactly("www.modelscope.cn", "www.modelscope.ai");
  }
}
