package io.github.kolors4j.juicer;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A standalone cluster of Spark on this computer: a master and two workers of one core each, every
 * one a process of its own, as are the workers' executors and the program that uses them.
 */
final class SparkCluster implements AutoCloseable {
  private static final Path SPARK = Path.of("target/spark").toAbsolutePath();
  private static final String HOST = "127.0.0.1";

  private final Path folder;
  private final int port;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();

  SparkCluster(Path folder) throws IOException {
    if (!Files.isDirectory(SPARK.resolve("jars"))) {
      throw new IllegalStateException("There is no " + SPARK + ": run environment/spark once.");
    }
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    jarOfClasses();
    start("master", "org.apache.spark.deploy.master.Master", "--port", "" + port);
    for (int i = 0; i < 2; i++) {
      workers.add(
          start(
              "worker-" + i,
              "org.apache.spark.deploy.worker.Worker",
              "--cores",
              "1",
              "--memory",
              "1g",
              "--work-dir",
              workFolder(i).toString(),
              master()));
    }
  }

  String master() {
    return "spark://" + HOST + ":" + port;
  }

  /** What the executors of a worker write. */
  Path workFolder(int worker) {
    return folder.resolve("work-" + worker);
  }

  /** Ends a worker and with it its executors, at once and without a word to anyone. */
  void kill(int worker) throws InterruptedException {
    Process process = workers.get(worker);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  private Process start(String name, String program, String... arguments) throws IOException {
    List<String> command = java("-Xmx512m", "-cp", SPARK.resolve("jars") + "/*", program);
    command.addAll(List.of("--host", HOST, "--webui-port", "0"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", SPARK.toString());
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    processes.add(process);
    return process;
  }

  /** Starts {@code kolors4j} with arguments; what it says goes to a file. */
  Process kolors4j(Path said, String... arguments) throws IOException {
    List<String> libraries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            // What the compiler needed of Spark: all of it comes from the folder, as for a user.
            .filter(jar -> !jar.contains("/org/apache/spark/") && !jar.contains("/scala-lang/"))
            .toList();
    // In the order of environment/kolors4j.
    List<String> classPath = new ArrayList<>();
    libraries.stream().filter(jar -> jar.contains("/gson-")).forEach(classPath::add);
    classPath.add(SPARK.resolve("jars") + "/*");
    classPath.add(jar().toString());
    classPath.addAll(libraries);
    List<String> command =
        java(
            "-Xmx512m",
            "-Djava.awt.headless=true",
            "-Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider",
            "-Dspark.executor.memory=700m",
            "-Dspark.driver.host=" + HOST,
            "-Dspark.driver.bindAddress=" + HOST,
            "-Dlog4j.configurationFile=" + Path.of("src/spark/log4j2.properties").toUri(),
            "-cp",
            String.join(File.pathSeparator, classPath),
            "io.github.kolors4j.cli.Kolors4j");
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  /** Waits until a program has ended. */
  static int finish(Process process, Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("Still running after " + limit);
    }
    return process.exitValue();
  }

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    for (String name :
        "java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar"
            .split(" ")) {
      command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
    }
    command.addAll(List.of(arguments));
    return command;
  }

  private Path jar() {
    return folder.resolve("kolors4j.jar");
  }

  /** Executors are sent jars. */
  private void jarOfClasses() throws IOException {
    Path classes = Path.of("target/classes");
    try (OutputStream out = Files.newOutputStream(jar());
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
  }

  @Override
  public void close() {
    processes.forEach(
        process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
  }
}
