package io.heddle.data.fashion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heddle.data.array.IdxBytes;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FashionMnistFetchTest {
    private static final List<String> NAMES = List.of(
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz",
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte.gz");

    @TempDir
    Path folder;

    private Path published;
    private FashionMnist.Options nowhere;
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void useEmptyFolders() {
        published = PublishedFiles.assumePresent();
        nowhere = FashionMnist.Options.defaults()
                .withCache(folder.resolve("caches").resolve("heddle"))
                .withSystem(folder.resolve("system"))
                .offline();
    }

    private byte[] file(String path) {
        try {
            return Files.readAllBytes(published.resolve(path.substring(path.lastIndexOf('/') + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> cached() throws IOException {
        if (!Files.exists(nowhere.cache())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(nowhere.cache())) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void downloadsIntoTheCacheOnce() throws IOException {
        try (FileServer server = new FileServer(path -> FileServer.ok(file(path)))) {
            FashionMnist.Options options = nowhere.withAddress(server.address().resolve("data/"));
            try (ImageDataset data = FashionMnist.load(options, log::add)) {
                assertThat(data.trainLabels()).hasSize(60_000);
            }
            assertThat(server.asked())
                    .containsExactlyInAnyOrderElementsOf(
                            NAMES.stream().map(name -> "/data/" + name).toList());
            assertThat(cached()).isEqualTo(NAMES);
            assertThat(log).hasSize(5).first().asString().startsWith("downloading http://");

            FashionMnist.load(options, log::add).close();
            assertThat(server.asked()).hasSize(4);
            assertThat(log).endsWith("Fashion-MNIST from " + options.cache());
        }
    }

    @Test
    void keepsThePublishedContentOnly() throws IOException {
        // A truncated transfer, a file of the same layout with other content, and no file.
        byte[] cut = Arrays.copyOf(file("train-images-idx3-ubyte.gz"), 1_000_000);
        byte[] other = IdxBytes.gzip(IdxBytes.images(10, 28, 28, IdxBytes.pattern(7840)));
        byte[] page = "<html>Please log in to this network</html>".getBytes();
        for (byte[] served : List.of(cut, other, page)) {
            try (FileServer server = new FileServer(path -> FileServer.ok(served))) {
                assertThatExceptionOfType(DataFormatException.class)
                        .isThrownBy(() -> FashionMnist.load(nowhere.withAddress(server.address()), log::add))
                        .withMessageContaining("a download: ");
                assertThat(cached()).isEmpty();
            }
        }
    }

    @Test
    void continuesAnInterruptedDownload() throws IOException {
        try (FileServer server =
                new FileServer(path -> path.contains("labels") ? FileServer.status(503) : FileServer.ok(file(path)))) {
            assertThatExceptionOfType(DataFormatException.class)
                    .isThrownBy(() -> FashionMnist.load(nowhere.withAddress(server.address()), log::add))
                    .withMessageContaining("answers with HTTP status 503");
            assertThat(cached()).containsExactly("t10k-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz");
        }
        // Cached files are checked too: a damaged file is downloaded again.
        Files.write(nowhere.cache().resolve("t10k-images-idx3-ubyte.gz"), new byte[100]);
        try (FileServer server = new FileServer(path -> FileServer.ok(file(path)))) {
            FashionMnist.load(nowhere.withAddress(server.address()), log::add).close();
            assertThat(server.asked())
                    .containsExactlyInAnyOrder(
                            "/t10k-images-idx3-ubyte.gz", "/t10k-labels-idx1-ubyte.gz", "/train-labels-idx1-ubyte.gz");
        }
    }

    @Test
    void namesACacheThatCannotBeCreated() throws IOException {
        Files.createFile(nowhere.cache().getParent());
        try (FileServer server = new FileServer(path -> FileServer.ok(file(path)))) {
            assertThatExceptionOfType(DataFormatException.class)
                    .isThrownBy(() -> FashionMnist.load(nowhere.withAddress(server.address()), log::add))
                    .withMessageContaining("the cache folder " + nowhere.cache() + " cannot be created");
            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void readsDebiansPackageWithoutInstallation() throws Exception {
        LocalAptRepository repository = LocalAptRepository.assumePossible(folder.resolve("apt"));
        repository.add("dataset-fashion-mnist", published);
        try (ImageDataset data = FashionMnist.load(nowhere.withApt(repository.variables()), log::add)) {
            assertThat(data.testLabels()).hasSize(10_000);
        }
        assertThat(cached()).isEqualTo(NAMES);
        assertThat(log).hasSize(2).last().isEqualTo("Fashion-MNIST from " + nowhere.cache());
    }

    @Test
    void namesAPackageThatTheListsDoNotHave() throws Exception {
        LocalAptRepository repository = LocalAptRepository.assumePossible(folder.resolve("apt"));
        repository.add("dataset-other", Files.createDirectories(folder.resolve("empty")));
        assertThatExceptionOfType(DataFormatException.class)
                .isThrownBy(() -> FashionMnist.load(nowhere.withApt(repository.variables()), log::add))
                .withMessageContaining("apt-get download dataset-fashion-mnist: ")
                .withMessageContaining("E: Unable to locate package dataset-fashion-mnist");
        assertThat(cached()).isEmpty();
    }

    @Test
    void aPackageWithoutTheFilesIsRefused() throws Exception {
        LocalAptRepository repository = LocalAptRepository.assumePossible(folder.resolve("apt"));
        repository.add("dataset-fashion-mnist", Files.createDirectories(folder.resolve("empty")));
        assertThatExceptionOfType(DataFormatException.class)
                .isThrownBy(() -> FashionMnist.load(nowhere.withApt(repository.variables()), log::add))
                .withMessageContaining("has no file train-images-idx3-ubyte.gz");
        assertThat(cached()).isEmpty();
    }
}
