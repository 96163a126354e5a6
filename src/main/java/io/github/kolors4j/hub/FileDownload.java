package io.github.kolors4j.hub;

import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.files.AtomicFile;
import java.io.IOException;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file here: resumes what an earlier download left, fetches large files in parallel
 * parts, checks length and checksum, and moves the file into place.
 */
final class FileDownload {
  private static final int WHOLE_TRIES = 3;
  private static final long SAVE_EVERY = Duration.ofSeconds(1).toNanos();
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");

  private final Http http;
  private final RemoteFile file;
  private final OwnFolder own;
  private final Path target;
  private final Parallel parallel;
  private final ProgressMeter meter;
  private final AtomicReference<@Nullable Checksum> linkedChecksum = new AtomicReference<>();
  private final StopCheck stop;
  private volatile boolean failed;
  private long savedAt = System.nanoTime();

  /**
   * How large files are split.
   *
   * @param connections at once
   * @param threshold size in bytes from which a file is split
   * @param partSize in bytes
   */
  record Parallel(int connections, long threshold, long partSize) {
    static final Parallel DEFAULT = new Parallel(4, 500L << 20, 160L << 20);
  }

  /**
   * The server does not serve the middle of the file, or of another version: all from the start.
   */
  private static final class StartAgain extends Exception {
    StartAgain(String message) {
      super(message);
    }
  }

  FileDownload(
      Http http,
      RemoteFile file,
      OwnFolder own,
      Path target,
      Parallel parallel,
      ProgressMeter meter) {
    this.own = own;
    stop = new StopCheck(() -> failed || http.stop().stopped().getAsBoolean());
    this.http = http.stoppedBy(stop);
    this.file = file;
    this.target = target;
    this.parallel = parallel;
    this.meter = meter;
  }

  /**
   * Does it all.
   *
   * @return what the file's content hashes to
   */
  Checksum run() throws IOException {
    boolean split = file.size() >= parallel.threshold() && parallel.connections() > 1;
    PartialFile partial = PartialFile.of(own, file, split ? parallel.partSize() : Long.MAX_VALUE);
    String problem = "";
    Files.createDirectories(partial.bytes().getParent());
    for (int attempt = 1; attempt <= WHOLE_TRIES; attempt++) {
      meter.present(partial.arrived());
      try {
        receive(partial);
        problem = check(partial.bytes());
        if (problem == null) {
          Checksum checksum = expected();
          if (checksum == null) {
            checksum = Checksum.of(partial.bytes(), stop);
          }
          AtomicFile.putIntoPlace(partial.bytes(), target);
          partial.finished();
          meter.finished(file.path());
          return checksum;
        }
      } catch (StartAgain e) {
        problem = e.getMessage();
      }
      meter.present(-partial.arrived());
      partial.restart(file.size());
      if (attempt < WHOLE_TRIES) {
        meter.notice(file.path() + ": " + problem + "; it is downloaded again.");
      }
    }
    throw new HubException(
        "%s arrived %d times from %s and was wrong each time: %s. It was thrown away. A proxy may change it, or the hub is being updated: try again later, or another network."
            .formatted(file.path(), WHOLE_TRIES, Http.place(file.uri()), problem));
  }

  /** What is wrong with the bytes, or null. */
  private @Nullable String check(Path bytes) throws IOException {
    if (Files.size(bytes) != file.size()) {
      return "it has %d bytes instead of %d".formatted(Files.size(bytes), file.size());
    }
    Checksum checksum = expected();
    if (checksum != null && !checksum.matches(bytes, stop)) {
      return "its checksum is not the one that the hub lists (" + checksum.hex() + ")";
    }
    return null;
  }

  /** The hub's word on the content, or null. */
  private @Nullable Checksum expected() {
    return file.checksum() != null ? file.checksum() : linkedChecksum.get();
  }

  private void receive(PartialFile partial) throws IOException, StartAgain {
    try (FileChannel channel =
        FileChannel.open(partial.bytes(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      List<PartialFile.Range> open = partial.ranges().stream().filter(r -> r.left() > 0).toList();
      try {
        if (open.size() <= 1 || parallel.connections() == 1) {
          for (PartialFile.Range range : open) {
            receive(range, partial, channel);
          }
        } else {
          receiveInParallel(open, partial, channel);
        }
      } finally {
        // Also when the disk is full: the state of a second ago is then still there.
        partial.save(file);
      }
    }
  }

  private void receiveInParallel(
      List<PartialFile.Range> open, PartialFile partial, FileChannel channel)
      throws IOException, StartAgain {
    int threads = Math.min(parallel.connections(), open.size());
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "kolors4j-download");
              thread.setDaemon(true);
              return thread;
            });
    @Nullable Throwable first = null;
    try {
      List<Future<Void>> parts =
          open.stream().map(range -> pool.submit(() -> part(range, partial, channel))).toList();
      for (Future<Void> part : parts) {
        first = result(part, first);
      }
    } finally {
      pool.shutdown();
    }
    failed = false;
    if (first instanceof StartAgain e) {
      throw e;
    } else if (first instanceof IOException e) {
      throw e;
    } else if (first instanceof RuntimeException e) {
      throw e;
    } else if (first != null) {
      throw new HubException(file.path() + " could not be downloaded: " + first, first);
    }
  }

  private @Nullable Void part(PartialFile.Range range, PartialFile partial, FileChannel channel)
      throws IOException, StartAgain {
    try {
      receive(range, partial, channel);
      return null;
    } catch (IOException | StartAgain | RuntimeException e) {
      // The others need not go on; what they have is kept.
      failed = true;
      throw e;
    }
  }

  /** Waits for the part, also when stopped: no thread may write after the file was closed. */
  private @Nullable Throwable result(Future<Void> part, @Nullable Throwable first) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          part.get();
          return first;
        } catch (InterruptedException e) {
          interrupted = true;
          failed = true;
        } catch (ExecutionException e) {
          // Parts that were stopped because of another's failure are not the reason.
          boolean reason = first == null || first instanceof StoppedException;
          return reason ? e.getCause() : first;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void receive(PartialFile.Range range, PartialFile partial, FileChannel channel)
      throws IOException, StartAgain {
    int failures = 0;
    while (range.left() > 0) {
      stop.check();
      long before = range.position();
      try {
        request(range, partial, channel);
      } catch (TransientFailure e) {
        failures = range.position() > before ? 1 : failures + 1;
        if (failures >= http.retryPolicy().tries()) {
          throw new HubException(
              "%s: the download from %s failed %d times in a row, last because %s. What has arrived is kept: check the network and run it again to go on from there."
                  .formatted(file.path(), file.uri().getHost(), failures, e.getMessage()),
              e);
        }
        Duration pause = http.retryPolicy().pause(failures, e.retryAfter());
        meter.notice(
            file.path() + ": " + e.getMessage() + "; next try in " + Http.seconds(pause) + ".");
        stop.pause(pause);
      }
    }
  }

  private void request(PartialFile.Range range, PartialFile partial, FileChannel channel)
      throws TransientFailure, StartAgain {
    boolean whole = range.position() == 0 && range.end == file.size();
    Map<String, String> headers = new HashMap<>();
    if (!whole) {
      headers.put("Range", "bytes=" + range.position() + "-" + (range.end - 1));
      String etag = PartialFile.strong(partial.etag());
      if (file.checksum() == null && etag != null) {
        headers.put("If-Range", etag);
      }
    }
    AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    Http.Reply reply;
    try {
      reply = http.once(file.uri(), headers, receiver(range, partial, channel, whole, refusal));
    } catch (TransientFailure e) {
      if (refusal.get() != null) {
        throw new StartAgain(refusal.get());
      }
      throw e;
    }
    if (reply.status() == 416) {
      throw new StartAgain("the server has no bytes from " + range.position() + " on");
    }
    http.refuseErrors(reply, file.uri(), file.path());
    if (refusal.get() != null) {
      throw new StartAgain(refusal.get());
    }
    String linked = reply.header("X-Linked-ETag");
    String plain = linked == null ? "" : linked.replace("\"", "");
    if (Checksum.isSha256(plain)) {
      linkedChecksum.set(Checksum.sha256(plain));
    }
    if (range.left() > 0) {
      throw new TransientFailure("the connection ended %d bytes early".formatted(range.left()));
    }
  }

  /**
   * Decides, once the headers are there, where the body belongs; into nothing if it fits nowhere.
   */
  private Function<ResponseInfo, Received> receiver(
      PartialFile.Range range,
      PartialFile partial,
      FileChannel channel,
      boolean whole,
      AtomicReference<@Nullable String> refusal) {
    return info -> {
      String problem = problem(info, range, partial, whole);
      if (problem != null) {
        refusal.set(problem);
        return Received.to(bytes -> {}, 0);
      }
      if (info.statusCode() == 200 && range.position() > 0) {
        // The server ignores ranges: what it sends is the file from its start.
        meter.present(-range.restart());
      }
      partial.etag(info.headers().firstValue("etag").orElse(null));
      return Received.to(
          bytes -> {
            int arriving = bytes.remaining();
            for (long at = range.position(); bytes.hasRemaining(); ) {
              at += channel.write(bytes, at);
            }
            range.add(arriving);
            meter.arrived(file.path(), arriving);
            saveNowAndThen(partial);
          },
          range.left());
    };
  }

  private @Nullable String problem(
      ResponseInfo info, PartialFile.Range range, PartialFile partial, boolean whole) {
    long length = info.headers().firstValueAsLong("content-length").orElse(-1);
    if (info.statusCode() == 200) {
      if (partial.ranges().size() > 1) {
        return "the server sends the file as a whole only";
      }
      return length >= 0 && length != file.size()
          ? "the server sends %d bytes where the hub lists %d".formatted(length, file.size())
          : null;
    }
    Matcher sent =
        CONTENT_RANGE.matcher(info.headers().firstValue("content-range").orElse("nothing"));
    boolean fits =
        !whole
            && sent.matches()
            && sent.group(1).equals(Long.toString(range.position()))
            && sent.group(2).equals(Long.toString(range.end - 1))
            && (sent.group(3).equals("*") || sent.group(3).equals(Long.toString(file.size())));
    if (!fits) {
      return "the server sends other bytes than it was asked for";
    }
    String etag = info.headers().firstValue("etag").orElse(null);
    boolean changed =
        file.checksum() == null && partial.etag() != null && !partial.etag().equals(etag);
    return changed ? "the file has changed on the server" : null;
  }

  private void saveNowAndThen(PartialFile partial) throws IOException {
    synchronized (partial) {
      if (System.nanoTime() - savedAt < SAVE_EVERY) {
        return;
      }
      savedAt = System.nanoTime();
    }
    partial.save(file);
  }
}
