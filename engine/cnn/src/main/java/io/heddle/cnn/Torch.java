package io.heddle.cnn;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts the PyTorch engine of this process once. Settings of the embedding program have priority. */
final class Torch {
    static final String ENGINE = "PyTorch";

    // Applied while the engine starts, unless the embedding program has set them, and then restored.
    private static final Map<String, String> SETTINGS = Map.of(
            // Each worker processes whole batches. Threads inside an operator would compete, and their number would
            // change the last bits.
            "ai.djl.pytorch.num_threads",
            "1",
            "ai.djl.pytorch.num_interop_threads",
            "1",
            // DJL downloads missing native libraries. Heddle reports them instead.
            "ai.djl.offline",
            "true");

    // The last line of a trace of TorchScript's interpreter: "RuntimeError: shape ... is invalid",
    // "builtins.ValueError: ...".
    private static final Pattern END_OF_TRACE = Pattern.compile("[A-Za-z_.]*Error: (?<reason>.+)");

    private static boolean started;

    private Torch() {}

    /**
     * Starts the engine unless it is running.
     *
     * @param log receives one line if the native libraries must be unpacked first, which is slow
     * @return the number of threads inside an operator: 1 unless the embedding program has set it
     * @throws IOException if PyTorch has no native libraries for this machine or they cannot be loaded
     */
    static synchronized int start(Consumer<String> log) throws IOException {
        if (!started) {
            List<String> ours = new ArrayList<>();
            SETTINGS.forEach((key, value) -> {
                if (System.getProperty(key) == null) {
                    System.setProperty(key, value);
                    ours.add(key);
                }
            });
            try {
                Platform platform = Platform.detectPlatform("pytorch");
                boolean bundled = !platform.isPlaceholder();
                if (bundled && Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH") == null) {
                    announceUnpacking(platform, log);
                }
                engine(bundled);
                started = true;
            } catch (LinkageError | AssertionError e) {
                throw new IOException("PyTorch cannot be started: " + reason(e), e);
            } finally {
                ours.forEach(System::clearProperty);
            }
        }
        return JniUtils.getNumThreads();
    }

    private static void engine(boolean bundled) throws IOException {
        try {
            Engine.getEngine(ENGINE);
        } catch (EngineException e) {
            String hint = bundled
                    ? ""
                    : " (no ai.djl.pytorch:pytorch-native-cpu for %s %s is on the class path)"
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch"));
            throw new IOException("PyTorch cannot be started: " + reason(e) + hint, e);
        }
    }

    private static void announceUnpacking(Platform platform, Consumer<String> log) throws IOException {
        Path directory = Utils.getEngineCacheDir("pytorch")
                .resolve(platform.getVersion() + '-' + platform.getFlavor() + '-' + platform.getClassifier());
        if (Files.exists(directory)) {
            return;
        }
        long bytes = 0;
        for (String library : platform.getLibraries()) {
            URL url = ClassLoaderUtils.getResource(
                    "pytorch/" + platform.getFlavor() + '/' + platform.getClassifier() + '/' + library);
            if (url != null) {
                bytes += url.openConnection().getContentLengthLong();
            }
        }
        log.accept("Unpacking PyTorch's libraries, once: %d MB to %s".formatted(bytes / 1_000_000, directory));
    }

    /** Returns the message of the root cause in one line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        // The message of a class loading error is only a name.
        boolean bare = cause instanceof LinkageError || cause instanceof ClassNotFoundException;
        String message = bare || cause.getMessage() == null ? cause.toString() : cause.getMessage();
        List<String> lines =
                message.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        return lines.stream()
                .map(END_OF_TRACE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group("reason"))
                .reduce((first, second) -> second)
                .orElse(lines.isEmpty() ? cause.toString() : lines.getFirst());
    }
}
