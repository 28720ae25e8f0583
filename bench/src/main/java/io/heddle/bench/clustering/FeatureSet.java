package io.heddle.bench.clustering;

import io.heddle.cnn.Encoder;
import io.heddle.data.array.NpyArray;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The features of a clustering: {@code pixels}, an encoder's name or file, a {@code .npy} file of features (training
 * images first, then test images), or several of these joined by {@code +}, whose components are concatenated.
 * {@code LABEL=} before a part is its name in the table.
 */
final class FeatureSet {
    private static final int COMPONENTS = 50;
    private static final String PIXELS = "pixels";

    private FeatureSet() {}

    /**
     * Computes principal components of each part, with the covariance solver, which needs no seed.
     *
     * @param parts features of all images, one row per image
     * @param whitening see {@link Pca.Options#whitening()}
     * @param normalize whether each part's rows, and the whole rows, have unit length
     */
    static FloatMatrix reduced(List<FloatMatrix> parts, double whitening, boolean normalize, WorkerPool pool) {
        List<FloatMatrix> reduced = new ArrayList<>();
        try {
            int columns = 0;
            for (FloatMatrix part : parts) {
                FloatMatrix z = components(part, whitening, pool);
                reduced.add(z);
                columns += z.columns();
                if (normalize) {
                    RowNormalizer.normalize(z, pool);
                }
            }
            FloatMatrix all = beside(reduced, columns);
            if (normalize) {
                RowNormalizer.normalize(all, pool);
            }
            return all;
        } finally {
            reduced.forEach(FloatMatrix::close);
        }
    }

    private static FloatMatrix components(FloatMatrix x, double whitening, WorkerPool pool) {
        Pca.Options options = Pca.Options.defaults()
                .withComponents(Math.min(COMPONENTS, x.columns()))
                .withSolver(Pca.Solver.COVARIANCE)
                .withWhitening(whitening);
        try (PcaModel pca = Pca.fit(x, options, pool)) {
            return pca.transform(x, pool);
        }
    }

    private static FloatMatrix beside(List<FloatMatrix> parts, int columns) {
        long rows = parts.getFirst().rows();
        FloatMatrix all = FloatMatrix.allocate(rows, columns);
        long at = 0;
        for (FloatMatrix part : parts) {
            long bytes = (long) part.columns() * Float.BYTES;
            for (long i = 0; i < rows; i++) {
                MemorySegment.copy(part.segment(), part.offset(i), all.segment(), all.offset(i) + at, bytes);
            }
            at += bytes;
        }
        return all;
    }

    /** Returns the name for the table. */
    static String label(String name) {
        return Arrays.stream(name.split("\\+"))
                .map(part -> part.contains("=") ? part.substring(0, part.indexOf('=')) : part)
                .collect(Collectors.joining(" + "));
    }

    /** Returns the features of each part of a name, which the caller closes; pixels are copied. */
    static List<FloatMatrix> features(String name, FloatMatrix images, ImageDataset data) throws IOException {
        List<FloatMatrix> parts = new ArrayList<>();
        for (String part : name.split("\\+")) {
            String source = part.substring(part.indexOf('=') + 1);
            if (source.equals(PIXELS)) {
                parts.add(images.copy());
            } else if (source.endsWith(".npy")) {
                try (NpyArray array = NpyArray.open(Path.of(source))) {
                    parts.add(array.read(0, array.rows(), 1));
                }
            } else {
                try (Encoder encoder = Encoder.open(source)) {
                    parts.add(encoder.encode(images, data.width(), data.height(), p -> {}));
                }
            }
        }
        return parts;
    }
}
