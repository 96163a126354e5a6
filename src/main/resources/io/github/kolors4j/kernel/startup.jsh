// Runs before a notebook's first cell, in IJava and in JJava: the imports that learners need, and the library's rendering.
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.*;
import javax.imageio.ImageIO;

import ai.djl.ndarray.*;
import ai.djl.ndarray.types.*;
import tech.tablesaw.api.*;

import io.github.kolors4j.charts.*;
import io.github.kolors4j.comfy.*;
import io.github.kolors4j.concepts.*;
import io.github.kolors4j.dataset.*;
import io.github.kolors4j.hub.*;
import io.github.kolors4j.image.*;
import io.github.kolors4j.juicer.*;
import io.github.kolors4j.lora.*;
import io.github.kolors4j.internal.model.*;
import io.github.kolors4j.notebook.*;
import io.github.kolors4j.pipeline.*;
import io.github.kolors4j.scheduler.*;
import io.github.kolors4j.internal.tensor.*;
import io.github.kolors4j.training.*;
import io.github.kolors4j.internal.weights.*;

Notebook.install();
