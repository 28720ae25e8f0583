package io.heddle.data.fashion;

import io.heddle.data.ContentHash;
import io.heddle.data.array.Idx;
import io.heddle.files.DataFormatException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Reads the four files of one folder, training and test part in parallel. */
final class FashionMnistReader {
    private static final float TO_UNIT = 1f / 255;
    private static final int THREADS = 2;

    private final Path folder;
    private final boolean published;
    private final Idx.Images[] images = new Idx.Images[2];
    private final int[][] labels = new int[2][];
    private final boolean[] known = new boolean[FashionMnistFile.values().length];
    private final IOException[] failures = new IOException[FashionMnistFile.values().length];

    private FashionMnistReader(Path folder, boolean published) {
        this.folder = folder;
        this.published = published;
    }

    /**
     * @param published whether other content than the published one is an error
     * @throws DataFormatException if a file is missing or damaged, or the files do not fit together
     */
    static ImageDataset read(Path folder, boolean published) throws IOException {
        FashionMnistReader reader = new FashionMnistReader(folder, published);
        try {
            reader.readFiles();
            return reader.assemble();
        } catch (IOException | RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    private void readFiles() throws IOException {
        FashionMnistFile[] files = FashionMnistFile.values();
        // Checks that all four exist before any is read.
        for (FashionMnistFile file : files) {
            file.in(folder);
        }
        try (WorkerPool pool = WorkerPool.of(THREADS)) {
            // Test images follow the training images, so that the two long tasks run in parallel.
            pool.run(files.length, (index, worker) -> readOne(files[index]));
        }
        // The first in the order of the files, not the first in time, so that the same files give the same message.
        for (IOException failure : failures) {
            if (failure != null) {
                throw failure;
            }
        }
    }

    private void readOne(FashionMnistFile file) {
        ContentHash hash = new ContentHash();
        try {
            Path path = file.in(folder);
            switch (file) {
                case TRAIN_IMAGES -> images[0] = Idx.readImages(path, TO_UNIT, hash);
                case TEST_IMAGES -> images[1] = Idx.readImages(path, TO_UNIT, hash);
                case TRAIN_LABELS -> labels[0] = Idx.readLabels(path, FashionMnist.CLASS_NAMES.size(), hash);
                case TEST_LABELS -> labels[1] = Idx.readLabels(path, FashionMnist.CLASS_NAMES.size(), hash);
            }
            String sha256 = hash.hex();
            if (published) {
                file.requirePublished(path, sha256);
            }
            known[file.ordinal()] = file.isPublished(sha256);
        } catch (IOException e) {
            failures[file.ordinal()] = e;
        }
    }

    private ImageDataset assemble() throws IOException {
        requireSameLength(FashionMnistFile.TRAIN_IMAGES, FashionMnistFile.TRAIN_LABELS, 0);
        requireSameLength(FashionMnistFile.TEST_IMAGES, FashionMnistFile.TEST_LABELS, 1);
        Idx.Images train = images[0];
        Idx.Images test = images[1];
        if (train.width() != test.width() || train.height() != test.height()) {
            throw new DataFormatException("%s holds images of %d x %d pixels, but %s of %d x %d"
                    .formatted(
                            FashionMnistFile.TEST_IMAGES.in(folder),
                            test.width(),
                            test.height(),
                            FashionMnistFile.TRAIN_IMAGES.in(folder),
                            train.width(),
                            train.height()));
        }
        boolean allKnown = IntStream.range(0, known.length).allMatch(i -> known[i]);
        return new ImageDataset(
                allKnown
                        ? FashionMnist.NAME
                        : folder.toAbsolutePath().normalize().getFileName() + " (own files)",
                train.pixels(),
                labels[0],
                test.pixels(),
                labels[1],
                train.width(),
                train.height(),
                allKnown ? FashionMnist.CLASS_NAMES : digits());
    }

    private void requireSameLength(FashionMnistFile imageFile, FashionMnistFile labelFile, int part)
            throws DataFormatException {
        if (images[part].pixels().rows() != labels[part].length) {
            throw new DataFormatException("%s holds %d labels for the %d images of %s"
                    .formatted(
                            labelFile.in(folder),
                            labels[part].length,
                            images[part].pixels().rows(),
                            imageFile.in(folder)));
        }
    }

    /** Returns class names for another data set in the same files. */
    private static List<String> digits() {
        return IntStream.range(0, FashionMnist.CLASS_NAMES.size())
                .mapToObj(Integer::toString)
                .toList();
    }

    private void close() {
        for (Idx.Images i : images) {
            if (i != null) {
                i.pixels().close();
            }
        }
    }
}
