package io.heddle.data.fashion;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FileHash;
import io.heddle.data.ImageShape;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.PartedName.Part;
import io.heddle.data.UnlabelledRows;
import io.heddle.data.rows.LoadedSource;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Fashion-MNIST, or another data set in the same four files. */
final class FashionMnistSource {
    static final String NAME = "fashion-mnist";

    private static final List<String> FILES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    private static final float BYTE = 255;

    private FashionMnistSource() {}

    /** Returns whether a folder contains the four files. */
    static boolean lies(Path folder) {
        return FILES.stream().allMatch(f -> Files.exists(folder.resolve(f)) || Files.exists(folder.resolve(f + ".gz")));
    }

    static DataSource open(Optional<Path> folder, Part part, DataOptions options, Consumer<String> log)
            throws IOException {
        String base = folder.map(
                        f -> f.toAbsolutePath().normalize().getFileName().toString())
                .orElse(NAME);
        Optional<Labels> given = options.labels().isPresent()
                ? Optional.of(
                        LabelFile.read(options.labels().get(), options, UnlabelledRows.withoutIds(LabelFile.ANY, log)))
                : Optional.empty();
        ImageDataset data = FashionMnist.load(folder, log);
        FloatMatrix rows = null;
        try {
            rows = rows(data, part);
            rescale(rows, options.scale());
            Labels labels = given.orElse(new Labels(labels(data, part), data.classNames()));
            DataSource.Description description = new DataSource.Description(
                    part == Part.TRAIN ? base : base + ":" + part.text(),
                    rows.rows(),
                    rows.columns(),
                    "uint8",
                    Optional.of(labels),
                    Optional.of(new ImageShape(data.width(), data.height(), 1)),
                    List.of());
            FloatMatrix values = rows;
            return new LoadedSource(description, values, () -> FileHash.of(values));
        } catch (RuntimeException | Error e) {
            data.close();
            if (rows != null) {
                rows.close();
            }
            throw e;
        }
    }

    /** Selects the rows of the part and frees the others. */
    private static FloatMatrix rows(ImageDataset data, Part part) {
        switch (part) {
            case TRAIN -> {
                data.testImages().close();
                return data.trainImages();
            }
            case TEST -> {
                data.trainImages().close();
                return data.testImages();
            }
            case ALL -> {
                FloatMatrix train = data.trainImages();
                FloatMatrix test = data.testImages();
                FloatMatrix all = FloatMatrix.allocate(train.rows() + test.rows(), train.columns());
                MemorySegment.copy(train.segment(), 0, all.segment(), 0, train.offset(train.rows()));
                MemorySegment.copy(
                        test.segment(), 0, all.segment(), all.offset(train.rows()), test.offset(test.rows()));
                data.close();
                return all;
            }
            case VAL -> throw new InvalidInputException("Fashion-MNIST has the parts train, test and all, not val");
        }
        throw new AssertionError(part);
    }

    private static int[] labels(ImageDataset data, Part part) {
        if (part != Part.ALL) {
            return part == Part.TRAIN ? data.trainLabels() : data.testLabels();
        }
        int train = data.trainLabels().length;
        int[] all = Arrays.copyOf(data.trainLabels(), train + data.testLabels().length);
        System.arraycopy(data.testLabels(), 0, all, train, data.testLabels().length);
        return all;
    }

    /** Scales the pixels from 0 to 1 to the requested scale. Whole bytes remain whole numbers. */
    private static void rescale(FloatMatrix rows, OptionalDouble scale) {
        if (scale.isEmpty()) {
            return;
        }
        float factor = (float) scale.getAsDouble();
        float[] row = new float[rows.columns()];
        for (long i = 0; i < rows.rows(); i++) {
            rows.getRow(i, row);
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.round(row[j] * BYTE) * factor;
            }
            rows.setRow(i, row);
        }
    }
}
