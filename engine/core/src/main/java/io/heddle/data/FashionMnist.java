package io.heddle.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Fashion-MNIST: 60 000 training and 10 000 test images of 28 x 28 gray pixels in ten classes of clothing.
 *
 * <p>H. Xiao, K. Rasul and R. Vollgraf, <i>Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
 * Algorithms</i>, arXiv:1708.07747 (2017).
 *
 * <p>{@snippet : try (ImageDataset data = FashionMnist.load(Optional.empty(), System.err::println)) {
 * data.trainImages().rows(); } }
 */
public final class FashionMnist {
    /** The data set's name. */
    public static final String NAME = "Fashion-MNIST";

    /** The ten classes, by label. */
    public static final List<String> CLASS_NAMES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private FashionMnist() {}

    /**
     * Where to look.
     *
     * @param directory the user's folder: if given, it alone is looked at. Its files may be packed or plain, and may be
     *     another data set of the same layout; default none
     * @param cache the folder that keeps what was fetched; default {@code heddle/fashion-mnist} in the system's cache
     *     folder ({@code XDG_CACHE_HOME}, {@code ~/.cache}, {@code ~/Library/Caches} or {@code LOCALAPPDATA})
     * @param system the folder of Debian's package {@code dataset-fashion-mnist}
     */
    public record Options(Optional<Path> directory, Path cache, Path system) {
        /** The defaults for this machine and user. */
        public static Options defaults() {
            Path caches = CacheFolder.locate(
                    System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
            return new Options(
                    Optional.empty(),
                    caches.resolve("heddle").resolve("fashion-mnist"),
                    Path.of("/usr/share/datasets/fashion-mnist"));
        }

        /** With a folder of the user's own. */
        public Options withDirectory(Path directory) {
            return new Options(Optional.of(directory), cache, system);
        }

        /** With another cache folder. */
        public Options withCache(Path cache) {
            return new Options(directory, cache, system);
        }

        /** With another place of Debian's package. */
        public Options withSystem(Path system) {
            return new Options(directory, cache, system);
        }
    }

    /**
     * Loads the data set from the user's folder or, without one, from the first place that has it.
     *
     * @param directory the user's folder, if any
     * @param log called with a line on what is done, from the calling thread
     * @return the data set, to be closed by the caller
     * @throws DataFormatException if the user's folder does not hold the four files, or no place does
     */
    public static ImageDataset load(Optional<Path> directory, Consumer<String> log) throws IOException {
        Options options = Options.defaults();
        return load(directory.map(options::withDirectory).orElse(options), log);
    }

    /** As {@link #load(Optional, Consumer)}, looking where the options say. */
    public static ImageDataset load(Options options, Consumer<String> log) throws IOException {
        if (options.directory().isPresent()) {
            return FashionMnistReader.read(folder(options.directory().get()), false);
        }
        List<String> failures = new ArrayList<>();
        for (Place place : places(options)) {
            try {
                Path folder = folder(place.provide(log));
                ImageDataset data = FashionMnistReader.read(folder, true);
                log.accept(NAME + " from " + folder);
                return data;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failures.add(place.name() + ": " + e.getMessage());
            }
        }
        throw new DataFormatException(
                """
                %s is not to be had. Tried:
                  %s
                Put %s and the other three files into a folder and name it with --data, or connect to the network.\
                """.formatted(NAME, String.join("\n  ", failures), FashionMnistFile.TRAIN_IMAGES.packedName()));
    }

    /** A place where the files may be found or fetched from. */
    private record Place(String name, Fetch fetch) {
        Path provide(Consumer<String> log) throws IOException {
            return fetch.into(log);
        }
    }

    @FunctionalInterface
    private interface Fetch {
        Path into(Consumer<String> log) throws IOException;
    }

    private static List<Place> places(Options options) {
        return List.of(
                new Place("cache folder", log -> options.cache()),
                new Place("Debian's package dataset-fashion-mnist", log -> options.system()));
    }

    private static Path folder(Path path) throws DataFormatException {
        if (!Files.isDirectory(path)) {
            throw new DataFormatException(
                    Files.exists(path) ? path + " is not a folder" : "the folder " + path + " does not exist");
        }
        return path;
    }
}
