package io.heddle.data.array;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FileHash;
import io.heddle.data.ImageShape;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.UnlabelledRows;
import io.heddle.data.rows.LoadedSource;
import io.heddle.matrix.DataMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file of images in IDX format. If it is named like MNIST's files, it is paired with the file of labels in the same
 * folder.
 */
final class IdxSource {
    private static final String IMAGES = "-images-idx3-ubyte";
    private static final String LABELS = "-labels-idx1-ubyte";

    private IdxSource() {}

    static DataSource open(Path path, DataOptions options, Consumer<String> log) throws IOException {
        LabelFile.requireFile(path, options);
        Optional<Path> from = options.labels().or(() -> beside(path));
        Optional<Idx.MappedImages> mapped = Idx.mapImages(path, options.scaleFor(true));
        if (mapped.isPresent()) {
            return mapped(path, mapped.get(), from, options, log);
        }
        Idx.Images images = Idx.readImagesWithSize(path, options.scaleFor(true));
        try {
            Optional<Labels> labels = labels(
                    from, options, UnlabelledRows.withoutIds(images.pixels().rows(), log));
            DataSource.Description description =
                    description(path, images.pixels(), images.width(), images.height(), labels);
            return new LoadedSource(description, images.pixels(), () -> FileHash.of(List.of(path)));
        } catch (IOException | RuntimeException | Error e) {
            images.pixels().close();
            throw e;
        }
    }

    private static Optional<Labels> labels(Optional<Path> from, DataOptions options, UnlabelledRows rows)
            throws IOException {
        return from.isPresent() ? Optional.of(LabelFile.read(from.get(), options, rows)) : Optional.empty();
    }

    private static DataSource mapped(
            Path path, Idx.MappedImages images, Optional<Path> from, DataOptions options, Consumer<String> log)
            throws IOException {
        try {
            Optional<Labels> labels = labels(
                    from, options, UnlabelledRows.withoutIds(images.pixels().rows(), log));
            return new BytesSource(
                    description(path, images.pixels(), images.width(), images.height(), labels), images.pixels(), path);
        } catch (IOException | RuntimeException | Error e) {
            images.pixels().close();
            throw e;
        }
    }

    private static DataSource.Description description(
            Path path, DataMatrix pixels, int width, int height, Optional<Labels> labels) {
        return new DataSource.Description(
                path.getFileName().toString(),
                pixels.rows(),
                pixels.columns(),
                "uint8",
                labels,
                Optional.of(new ImageShape(width, height, 1)),
                List.of());
    }

    private static Optional<Path> beside(Path path) {
        String name = path.getFileName().toString();
        String base = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        if (!base.endsWith(IMAGES)) {
            return Optional.empty();
        }
        String labels = base.substring(0, base.length() - IMAGES.length()) + LABELS;
        Path plain = path.resolveSibling(labels);
        Path packed = path.resolveSibling(labels + ".gz");
        return Files.exists(packed) ? Optional.of(packed) : Files.exists(plain) ? Optional.of(plain) : Optional.empty();
    }
}
