import com.sun.jdi.Bootstrap;
import com.sun.jdi.StackFrame;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which of our classes a picture meets: every class one of whose methods is entered between a call
 * of {@code KolorsPipeline.generate} and its return, as a debugger sees it, and who calls whom.
 * Nested classes count as the file that they stand in.
 *
 * <pre>
 * javac -d /tmp/walk -cp 'target/kolors4j.jar:target/lib/*' src/bench/java/PictureWalk.java
 * java -cp '/tmp/walk:target/kolors4j.jar:target/lib/*' PictureWalk src/test/resources/golden/kolors-tiny
 * </pre>
 */
public final class PictureWalk {
  private static final String OURS = "io.github.kolors4j.";

  private PictureWalk() {}

  /** The program that is watched. */
  public static final class Watched {
    private Watched() {}

    public static void main(String[] arguments) {
      try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(Path.of(arguments[0])))) {
        Prompt prompt = Prompt.of("蓝色").seed(1).steps(2).size(16, 16);
        pipeline.generate(prompt).image(); // what is loaded once is not on the way
        begin();
        pipeline.generate(prompt).image();
        end();
      }
    }

    static void begin() {}

    static void end() {}
  }

  public static void main(String[] arguments) throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    var settings = connector.defaultArguments();
    settings.get("options").setValue("-cp \"" + System.getProperty("java.class.path") + "\"");
    settings.get("main").setValue(Watched.class.getName() + " " + arguments[0]);
    settings.get("suspend").setValue("true");
    VirtualMachine machine = connector.launch(settings);
    for (var stream : new java.io.InputStream[] {machine.process().getErrorStream(), machine.process().getInputStream()}) {
      Thread copy = new Thread(() -> { try { stream.transferTo(System.err); } catch (java.io.IOException e) { } });
      copy.setDaemon(true);
      copy.start();
    }
    MethodEntryRequest marks = machine.eventRequestManager().createMethodEntryRequest();
    marks.addClassFilter(Watched.class.getName());
    marks.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    marks.enable();
    MethodEntryRequest steps = machine.eventRequestManager().createMethodEntryRequest();
    steps.addClassFilter(OURS + "*");
    steps.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    Map<String, Integer> entered = new TreeMap<>();
    TreeSet<String> calls = new TreeSet<>();
    boolean running = true;
    while (running) {
      EventSet events = machine.eventQueue().remove();
      for (Event event : events) {
        if (event instanceof MethodEntryEvent entry) {
          String type = file(entry.method().declaringType().name());
          if (!type.startsWith(OURS)) {
            if (entry.method().name().equals("begin")) {
              steps.enable();
            } else if (entry.method().name().equals("end")) {
              steps.disable();
            }
            continue;
          }
          entered.merge(type, 1, Integer::sum);
          for (StackFrame frame : entry.thread().frames(1, Math.min(12, entry.thread().frameCount() - 1))) {
            String caller = file(frame.location().declaringType().name());
            if (caller.startsWith(OURS)) {
              if (!caller.equals(type)) {
                calls.add(caller.substring(OURS.length()) + " -> " + type.substring(OURS.length()));
              }
              break;
            }
          }
        } else if (event instanceof VMDeathEvent || event instanceof VMDisconnectEvent) {
          running = false;
        }
      }
      events.resume();
    }
    entered.forEach((type, times) -> System.out.println(type.substring(OURS.length()) + " " + times));
    System.out.println("classes " + entered.size());
    calls.forEach(System.out::println);
    System.out.println("calls between classes " + calls.size());
  }

  private static String file(String type) {
    int nested = type.indexOf('$');
    return nested < 0 ? type : type.substring(0, nested);
  }
}
