package io.heddle.data.fashion;

import io.heddle.data.InsufficientMemoryException;
import io.heddle.files.DataFormatException;
import io.heddle.files.TemporaryPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Fashion-MNIST: 60 000 training and 10 000 test images of 28 x 28 gray pixels in ten classes of clothing.
 *
 * <p>H. Xiao, K. Rasul and R. Vollgraf, <i>Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
 * Algorithms</i>, arXiv:1708.07747 (2017).
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="fashion-mnist"}
 */
public final class FashionMnist {
    /** The data set's name. */
    public static final String NAME = "Fashion-MNIST";

    /** The ten classes, by label. */
    public static final List<String> CLASS_NAMES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private FashionMnist() {}

    private static final URI OFFICIAL = URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");
    private static final String DEBIAN_PACKAGE = "dataset-fashion-mnist";
    private static final Path DEBIAN_FOLDER = Path.of("/usr/share/datasets/fashion-mnist");
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(10);

    /**
     * The places to search, in this order.
     *
     * @param directory the user's folder; if it is set, the other places are not searched. Its files may be compressed
     *     or not, and may be another data set in the same files; default none
     * @param cache the folder of downloaded files; default {@code heddle/fashion-mnist} in the system's cache folder
     *     ({@code XDG_CACHE_HOME}, {@code ~/.cache}, {@code ~/Library/Caches} or {@code LOCALAPPDATA})
     * @param system the folder of Debian's package {@code dataset-fashion-mnist}
     * @param address the address under which the four files are downloaded, ending in a slash, or none to disable
     *     downloads; default: that of the authors
     * @param apt additional environment variables of {@code apt-get}, which downloads Debian's package without
     *     installing it if it is on the {@code PATH}, or none to disable it; default no variables
     */
    public record Options(
            Optional<Path> directory,
            Path cache,
            Path system,
            Optional<URI> address,
            Optional<Map<String, String>> apt) {
        /**
         * Checks the values.
         *
         * @throws NullPointerException if a component is null
         */
        public Options {
            Objects.requireNonNull(directory, "directory");
            Objects.requireNonNull(cache, "cache");
            Objects.requireNonNull(system, "system");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(apt, "apt");
        }

        /** {@return the defaults for this machine and user} */
        public static Options defaults() {
            Path caches = CacheFolder.locate(
                    System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
            return new Options(
                    Optional.empty(),
                    caches.resolve("heddle").resolve("fashion-mnist"),
                    DEBIAN_FOLDER,
                    Optional.of(OFFICIAL),
                    Optional.of(Map.of()));
        }

        /**
         * {@return these options with another user's folder}
         *
         * @param directory folder with the four files
         */
        public Options withDirectory(Path directory) {
            return new Options(Optional.of(directory), cache, system, address, apt);
        }

        /**
         * {@return these options with another cache folder}
         *
         * @param cache folder for downloads
         */
        public Options withCache(Path cache) {
            return new Options(directory, cache, system, address, apt);
        }

        /**
         * {@return these options with another folder of Debian's package}
         *
         * @param system folder of Debian's package
         */
        public Options withSystem(Path system) {
            return new Options(directory, cache, system, address, apt);
        }

        /**
         * {@return these options with another address to download from}
         *
         * @param address folder of the four files, by HTTP
         */
        public Options withAddress(URI address) {
            return new Options(directory, cache, system, Optional.of(address), apt);
        }

        /**
         * {@return these options with variables for {@code apt-get}}
         *
         * @param variables of its environment
         */
        public Options withApt(Map<String, String> variables) {
            return new Options(directory, cache, system, address, Optional.of(Map.copyOf(variables)));
        }

        /** {@return these options without download and {@code apt-get}} */
        public Options offline() {
            return new Options(directory, cache, system, Optional.empty(), Optional.empty());
        }
    }

    /**
     * Loads the data set from the user's folder or, without one, from the first place that has it.
     *
     * @param directory the user's folder, if any
     * @param log receives one line per step, on the calling thread
     * @return the data set, which the caller closes
     * @throws DataFormatException if the user's folder does not hold the four files, or no place does
     */
    public static ImageDataset load(Optional<Path> directory, Consumer<String> log) throws IOException {
        Options options = Options.defaults();
        return load(directory.map(options::withDirectory).orElse(options), log);
    }

    /**
     * As {@link #load(Optional, Consumer)}, with the places of the options.
     *
     * @param options the places to search
     * @param log receives one line per download
     * @return the data set, which the caller closes
     * @throws IOException if it cannot be read
     */
    public static ImageDataset load(Options options, Consumer<String> log) throws IOException {
        if (options.directory().isPresent()) {
            return FashionMnistReader.read(folder(options.directory().get()), false);
        }
        List<String> failures = new ArrayList<>();
        for (Place place : places(options, log)) {
            try {
                Path folder = folder(place.folder().get());
                ImageDataset data = FashionMnistReader.read(folder, true);
                log.accept(NAME + " from " + folder);
                return data;
            } catch (InterruptedIOException | InsufficientMemoryException e) {
                throw e;
            } catch (IOException e) {
                failures.add(place.name() + ": " + e.getMessage());
            }
        }
        throw new DataFormatException("""
                %s is not available. Tried:
                  %s
                Install the package %s, connect to the network, or name a folder with %s and the other three with --data.\
                """.formatted(
                NAME, String.join("\n  ", failures), DEBIAN_PACKAGE, FashionMnistFile.TRAIN_IMAGES.packedName()));
    }

    /**
     * A place of the files.
     *
     * @param name name of the place in messages
     * @param folder finds or fills the folder of the files
     */
    private record Place(String name, FolderSource folder) {}

    @FunctionalInterface
    private interface FolderSource {
        Path get() throws IOException;
    }

    private static List<Place> places(Options options, Consumer<String> log) {
        List<Place> places = new ArrayList<>();
        places.add(new Place("the cache folder", options::cache));
        places.add(new Place("Debian's package " + DEBIAN_PACKAGE, options::system));
        FashionMnistCache cache = new FashionMnistCache(options.cache());
        options.address().ifPresent(a -> places.add(new Place("a download", () -> download(a, cache, log))));
        options.apt()
                .ifPresent(variables -> places.add(
                        new Place("apt-get download " + DEBIAN_PACKAGE, () -> fromApt(variables, cache, log))));
        return places;
    }

    private static Path download(URI address, FashionMnistCache cache, Consumer<String> log) throws IOException {
        try (Download download = new Download(CONNECT_LIMIT, DOWNLOAD_LIMIT)) {
            cache.fill((file, target) -> {
                URI source = address.resolve(file.packedName());
                log.accept("downloading %s (%.1f MB)".formatted(source, file.packedBytes() / 1e6));
                // A recompressed file may be slightly longer.
                download.fetch(source, target, 2 * file.packedBytes());
            });
        }
        return cache.folder();
    }

    private static Path fromApt(Map<String, String> variables, FashionMnistCache cache, Consumer<String> log)
            throws IOException {
        try (TemporaryPath temporary = TemporaryPath.folder("heddle-package")) {
            log.accept("fetching Debian's package " + DEBIAN_PACKAGE + " with apt-get (30.9 MB)");
            Path root = new AptPackage(DEBIAN_PACKAGE, variables).unpackInto(temporary.path());
            Path unpacked = root.resolve(DEBIAN_FOLDER.getRoot().relativize(DEBIAN_FOLDER));
            cache.fill((file, target) -> {
                try (OutputStream out = Files.newOutputStream(target)) {
                    Files.copy(file.in(unpacked), out);
                }
            });
        }
        return cache.folder();
    }

    private static Path folder(Path path) throws DataFormatException {
        if (!Files.isDirectory(path)) {
            throw new DataFormatException(
                    Files.exists(path) ? path + " is not a folder" : "the folder " + path + " does not exist");
        }
        return path;
    }
}
