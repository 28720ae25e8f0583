package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of photos. Where they lie in sub-folders, the sub-folder is the label. They are decoded when their rows are
 * asked for, so a folder may hold more than fits into memory.
 */
final class ImageFolder extends DataSource {
    private final Path folder;
    private final List<Path> files;
    private final int channels;
    private final Optional<ImageSize> resize;
    private final float scale;

    private ImageFolder(
            Path folder,
            Description description,
            List<Path> files,
            int channels,
            Optional<ImageSize> resize,
            float scale) {
        super(description);
        this.folder = folder;
        this.files = files;
        this.channels = channels;
        this.resize = resize;
        this.scale = scale;
    }

    static ImageFolder open(Path folder, DataOptions options) throws IOException {
        List<Path> files = photos(folder);
        if (files.isEmpty()) {
            throw new DataFormatException("the folder %s holds no PNG or JPEG files".formatted(folder));
        }
        Optional<Labels> labels = LabelFile.readIfAsked(folder, options);
        if (labels.isEmpty()) {
            labels = ofSubfolders(folder, files);
        }
        ImageShape shape = shape(files, options);
        Description description = new Description(
                folder.toAbsolutePath().normalize().getFileName().toString(),
                files.size(),
                values(files.getFirst(), shape),
                "uint8",
                labels,
                Optional.of(shape),
                List.of());
        return new ImageFolder(folder, description, files, shape.channels(), options.resize(), options.scaleFor(true));
    }

    private static int values(Path first, ImageShape shape) throws DataFormatException {
        try {
            return shape.values();
        } catch (ArithmeticException e) {
            throw new DataFormatException(
                    "%s of %s pixels has too many for a row; --resize makes them fewer".formatted(first, shape), e);
        }
    }

    /** In the order of their paths, so that every machine sees the same rows. */
    private static List<Path> photos(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(ImageFolder::isPhoto)
                    .filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(p -> folder.relativize(p).toString()))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isPhoto(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"));
    }

    private static Optional<Labels> ofSubfolders(Path folder, List<Path> files) throws DataFormatException {
        List<String> names = new ArrayList<>();
        Path direct = null;
        for (Path file : files) {
            Path below = folder.relativize(file);
            if (below.getNameCount() == 1) {
                direct = file;
            } else {
                names.add(below.getName(0).toString());
            }
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        if (direct != null) {
            throw new DataFormatException(
                    "%s lies beside the sub-folders that label the other photos; put it into one".formatted(direct));
        }
        return Optional.of(Labels.ofNames(names));
    }

    private static ImageShape shape(List<Path> files, DataOptions options) throws DataFormatException {
        ImageShape first = null;
        int channels = 1;
        for (Path file : files) {
            ImageShape shape = Photo.shape(file);
            first = first == null ? shape : first;
            channels = Math.max(channels, shape.channels());
            if (options.resize().isEmpty() && (shape.width() != first.width() || shape.height() != first.height())) {
                throw new DataFormatException(
                        "%s is of %d x %d pixels, but %s of %d x %d; --resize brings all to one size"
                                .formatted(
                                        file,
                                        shape.width(),
                                        shape.height(),
                                        files.getFirst(),
                                        first.width(),
                                        first.height()));
            }
        }
        return new ImageShape(
                options.resize().map(ImageSize::width).orElse(first.width()),
                options.resize().map(ImageSize::height).orElse(first.height()),
                options.gray() ? 1 : channels);
    }

    @Override
    public FloatMatrix read(long from, long to) throws IOException {
        Objects.checkFromToIndex(from, to, rows());
        FloatMatrix out = FloatMatrix.allocate(to - from, columns());
        try {
            WorkerPool.shared().run((int) (to - from), (index, worker) -> {
                try {
                    out.setRow(index, row(files.get((int) from + index)));
                } catch (DataFormatException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return out;
        } catch (UncheckedIOException e) {
            out.close();
            throw e.getCause();
        } catch (RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }

    private float[] row(Path file) throws DataFormatException {
        float[] pixels = Photo.pixels(file, channels);
        if (resize.isPresent()) {
            ImageShape shape = Photo.shape(file);
            if (shape.width() != resize.get().width()
                    || shape.height() != resize.get().height()) {
                pixels =
                        new Resize(new ImageShape(shape.width(), shape.height(), channels), resize.get()).apply(pixels);
            }
        }
        if (pixels.length != columns()) {
            throw new DataFormatException("%s has changed its size since %s was opened".formatted(file, folder));
        }
        for (int j = 0; j < pixels.length; j++) {
            pixels[j] *= scale;
        }
        return pixels;
    }

    @Override
    public Optional<Path> file(long row) {
        return Optional.of(files.get((int) row));
    }

    @Override
    public String sha256() throws IOException {
        return FileHash.of(files);
    }

    @Override
    public void close() {
        // Nothing is held: each photo is opened when its row is read.
    }
}
