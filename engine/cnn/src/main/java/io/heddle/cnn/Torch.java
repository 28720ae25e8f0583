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

/** The PyTorch engine of this process: started once, with settings that leave an embedder's own in force. */
final class Torch {
    static final String ENGINE = "PyTorch";

    // In force while the engine starts, each unless the embedder has set it; taken back afterwards.
    private static final Map<String, String> SETTINGS = Map.of(
            // Each of our workers runs whole batches: threads inside of an operator would only wait for each other,
            // and their number would show in the last bits.
            "ai.djl.pytorch.num_threads",
            "1",
            "ai.djl.pytorch.num_interop_threads",
            "1",
            // DJL downloads natives that it lacks; we would rather say so.
            "ai.djl.offline",
            "true");

    // How TorchScript's interpreter ends its trace: "RuntimeError: shape ... is invalid", "builtins.ValueError: ...".
    private static final Pattern END_OF_TRACE = Pattern.compile("[A-Za-z_.]*Error: (?<reason>.+)");

    private static boolean started;

    private Torch() {}

    /**
     * Starts the engine unless it runs already.
     *
     * @param log told in one line when the natives have to be unpacked first, which takes a while
     * @return how many threads PyTorch uses inside of an operator: 1 unless an embedder chose otherwise
     * @throws IOException if PyTorch has no natives for this machine or they cannot be loaded
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

    /** The innermost reason of a failure, in one line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        // The message of an error of the class loader is a bare name.
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
