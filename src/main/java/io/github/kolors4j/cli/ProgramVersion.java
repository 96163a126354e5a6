package io.github.kolors4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build was made of. */
final class ProgramVersion implements IVersionProvider {

  @Override
  public String[] getVersion() throws IOException {
    Properties build = new Properties();
    try (InputStream in = ProgramVersion.class.getResourceAsStream("build.properties")) {
      build.load(in);
    }
    return new String[] {
      Kolors4j.NAME + " " + build.getProperty("version"), "Java " + Runtime.version()
    };
  }
}
