package io.heddle.data.photo;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FileHash;
import io.heddle.data.ImageShape;
import io.heddle.data.ImageSize;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.PartedName.Part;
import io.heddle.data.rows.ClassNames;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A folder of photos. If they are in sub-folders, the sub-folder is the label. Photos are decoded when their rows are
 * read, so a folder may be larger than the memory.
 */
final class ImageFolder extends DataSource {
    private static final int COLOURS = 3;

    private final Path folder;
    private final List<Photo> photos;
    /** The number of each photo among all photos, including the damaged ones that are left out. */
    private final int[] numbers;

    private final PhotoPixels pixels;

    private ImageFolder(Description description, Path folder, List<Photo> photos, int[] numbers, PhotoPixels pixels) {
        super(description);
        this.folder = folder;
        this.photos = photos;
        this.numbers = numbers;
        this.pixels = pixels;
    }

    /** Processes a photo, on any thread. */
    @FunctionalInterface
    private interface Action {
        void accept(int index) throws DataFormatException;
    }

    /**
     * @param part part of a split folder; empty if none was named
     * @param log receives one line per omission
     */
    static ImageFolder open(Path folder, Optional<Part> part, DataOptions options, Consumer<String> log)
            throws IOException {
        PhotoFiles found = PhotoFiles.in(folder);
        found.tellOthers(log);
        if (found.files().isEmpty()) {
            throw new DataFormatException("the folder %s has no photos in %s%s"
                    .formatted(
                            folder,
                            PhotoFormat.READ,
                            found.hasTables()
                                    ? "; CSV files are read one at a time, so join their rows in one file"
                                    : ""));
        }
        Map<Part, Path> parts = found.parts();
        if (part.isEmpty() && !parts.isEmpty()) {
            throw new DataFormatException(
                    "%s has the parts %s, which are not classes: name one, as in %s:train, or %s:all for all parts"
                            .formatted(
                                    folder,
                                    Labels.list(parts.keySet().stream()
                                            .map(Part::text)
                                            .toList()),
                                    folder,
                                    folder));
        }
        PhotoFiles files = part.isPresent() ? found.part(part.get()) : found;
        int outside = part.equals(Optional.of(Part.ALL))
                ? found.files().size() - files.files().size()
                : 0;
        if (outside > 0) {
            log.accept("%s: left out %d photo%s outside the folders of the parts"
                    .formatted(folder, outside, outside == 1 ? "" : "s"));
        }
        List<Photo> photos = readable(files.files(), options, log);
        long several = photos.stream().filter(Photo::several).count();
        if (several > 0) {
            log.accept("%s: %d file%s several images; only the first is read"
                    .formatted(folder, several, several == 1 ? " holds" : "s hold"));
        }
        long extra = photos.stream().filter(Photo::extra).count();
        if (extra > 0) {
            log.accept("%s: %d file%s a value per pixel that is neither a colour nor transparency; it is left out"
                    .formatted(folder, extra, extra == 1 ? " has" : "s have"));
        }
        DarkPhotos.note(folder, photos).ifPresent(log);
        LabelFile.requireFile(folder, options);
        int[] numbers = numbers(photos, files.files());
        Optional<Labels> labels = options.labels().isPresent()
                ? Optional.of(
                        PhotoLabels.read(options.labels().get(), options, files.folder(), files.files(), numbers, log))
                : ofSubfolders(
                        files.folder(),
                        photos,
                        part.equals(Optional.of(Part.ALL)) ? 1 : 0,
                        options.roles().optional(),
                        log);
        ImageShape shape = shape(photos, options);
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        Description description = new Description(
                part.map(p -> name + ":" + p.text()).orElse(name),
                photos.size(),
                values(photos.getFirst(), shape),
                "uint8",
                labels,
                Optional.of(shape),
                List.of());
        return new ImageFolder(
                description,
                files.folder(),
                photos,
                numbers,
                new PhotoPixels(shape.channels(), options.resize(), options.scaleFor(true)));
    }

    /** Returns the readable photos. Unreadable photos are an error unless they may be left out. */
    private static List<Photo> readable(List<Path> files, DataOptions options, Consumer<String> log)
            throws DataFormatException {
        Photo[] opened = new Photo[files.size()];
        DamagedPhotos damaged = new DamagedPhotos();
        forEach(files, damaged, i -> opened[i] = Photo.open(files.get(i)));
        if (damaged.isEmpty() && !options.skipDamaged()) {
            return List.of(opened);
        }
        // If one photo is damaged, all photos are decoded completely.
        forEach(files, damaged, i -> {
            if (opened[i] != null) {
                opened[i].decode(1, RowSink.NONE);
            }
        });
        if (!options.skipDamaged()) {
            throw damaged.exception(files.size());
        }
        List<Photo> whole = Arrays.stream(opened)
                .filter(photo -> photo != null && !damaged.files().contains(photo.file()))
                .toList();
        if (!damaged.isEmpty()) {
            log.accept(damaged.leftOut(files.size()));
        }
        if (whole.isEmpty()) {
            throw damaged.exception(files.size());
        }
        return whole;
    }

    /** Returns the place of each photo among files in the same order. */
    private static int[] numbers(List<Photo> photos, List<Path> files) {
        int[] numbers = new int[photos.size()];
        int next = 0;
        for (int i = 0; i < numbers.length; i++) {
            while (!files.get(next).equals(photos.get(i).file())) {
                next++;
            }
            numbers[i] = next++;
        }
        return numbers;
    }

    private static void forEach(List<Path> files, DamagedPhotos damaged, Action action) {
        WorkerPool.shared().run(files.size(), (index, worker) -> {
            try {
                action.accept(index);
            } catch (DataFormatException e) {
                damaged.add(files.get(index), e);
            }
        });
    }

    private static int values(Photo first, ImageShape shape) throws DataFormatException {
        try {
            return shape.values();
        } catch (ArithmeticException e) {
            throw new DataFormatException(
                    "%s of %s pixels is too large for a row; use --resize".formatted(first.file(), shape), e);
        }
    }

    /**
     * Returns the sub-folders of the photos; none if all photos are in the folder itself.
     *
     * @param above number of folder levels above the classes
     * @param optional whether photos beside the sub-folders are read without labels
     */
    private static Optional<Labels> ofSubfolders(
            Path folder, List<Photo> photos, int above, boolean optional, Consumer<String> log) throws IOException {
        Map<String, String> called = ClassNames.ofFolder(folder);
        List<String> names = new ArrayList<>();
        Path direct = null;
        for (Photo photo : photos) {
            Path below = folder.relativize(photo.file());
            if (below.getNameCount() == above + 1) {
                direct = photo.file();
            } else {
                String name = below.getName(above).toString();
                names.add(called.getOrDefault(name, name));
            }
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        if (direct != null && optional) {
            log.accept("%s is next to sub-folders with other photos, so the photos are read without labels"
                    .formatted(direct));
            return Optional.empty();
        }
        if (direct != null) {
            throw new DataFormatException(
                    "%s is next to the sub-folders that label the other photos; move it into one".formatted(direct));
        }
        return Optional.of(Labels.ofNames(names));
    }

    private static ImageShape shape(List<Photo> photos, DataOptions options) throws DataFormatException {
        Photo firstPhoto = photos.getFirst();
        ImageShape first = firstPhoto.shape();
        int channels = options.colour() ? COLOURS : 1;
        for (Photo photo : photos) {
            ImageShape shape = photo.shape();
            channels = Math.max(channels, shape.channels());
            if (options.resize().isEmpty() && (shape.width() != first.width() || shape.height() != first.height())) {
                throw new DataFormatException(
                        "%s has %d x %d pixels, but %s has %d x %d; --resize makes all photos the same size"
                                .formatted(
                                        photo.file(),
                                        shape.width(),
                                        shape.height(),
                                        firstPhoto.file(),
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
        return filled(out, from, to, (photo, row) -> pixels.read(photo, out, row));
    }

    @Override
    public FloatMatrix readAt(long from, long to, ImageSize size) throws IOException {
        if (pixels.resize().isPresent()) {
            return super.readAt(from, to, size);
        }
        Objects.checkFromToIndex(from, to, rows());
        FloatMatrix out = FloatMatrix.allocate(to - from, size.width() * size.height() * pixels.channels());
        return filled(out, from, to, (photo, row) -> out.setRow(row, pixels.resized(photo, size, false)));
    }

    /** Returns the converter of photos to rows. */
    @FunctionalInterface
    private interface Filling {
        void write(Photo photo, long row) throws DataFormatException;
    }

    private FloatMatrix filled(FloatMatrix out, long from, long to, Filling filling) throws DataFormatException {
        try {
            List<Path> block = files().subList((int) from, (int) to);
            DamagedPhotos damaged = new DamagedPhotos();
            forEach(block, damaged, i -> filling.write(photos.get((int) from + i), i));
            if (!damaged.isEmpty()) {
                decodeFrom((int) to, damaged);
                throw damaged.exception(photos.size());
            }
            return out;
        } catch (DataFormatException | RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }

    private void decodeFrom(int first, DamagedPhotos damaged) {
        List<Path> rest = files().subList(first, photos.size());
        forEach(rest, damaged, i -> photos.get(first + i).decode(1, RowSink.NONE));
    }

    private List<Path> files() {
        return photos.stream().map(Photo::file).toList();
    }

    /** Decodes every photo. */
    @Override
    public void verify() throws IOException {
        DamagedPhotos damaged = new DamagedPhotos();
        decodeFrom(0, damaged);
        if (!damaged.isEmpty()) {
            throw damaged.exception(photos.size());
        }
    }

    @Override
    public long fileRow(long row) {
        return numbers[(int) row];
    }

    @Override
    public Optional<Path> file(long row) {
        return Optional.of(photos.get((int) row).file());
    }

    @Override
    public Optional<String> relativeFile(long row) {
        Path relative = folder.relativize(photos.get((int) row).file());
        return Optional.of(relative.toString().replace(File.separatorChar, '/'));
    }

    @Override
    public String sha256() throws IOException {
        return FileHash.of(files());
    }

    @Override
    public void close() {
        // No resources are open: each photo is opened when its row is read.
    }
}
