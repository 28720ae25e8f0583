package io.heddle.cnn;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Stores the targets of the teacher next to the checkpoint, so that a resumed training does not compute them again.
 * Written atomically, and used only for the same images, teacher and options.
 */
final class TeacherCache {
    private static final String FORMAT = "heddle-teacher-1";
    private static final String TARGETS = "targets";

    // Maximum size. Larger targets are computed again, because the file is read through the heap.
    private static final long MAXIMUM_NUMBERS = 1L << 25;

    // The keys of the provenance that determine the targets.
    private static final Set<String> ORIGIN = Set.of(
            "teacherSha256", "teacherPrecision", "dataSha256", "components", "smoothing", "augment", "seed", "pytorch");

    private final Path file;
    private final Map<String, String> origin;

    /**
     * @param file path of the file
     * @param provenance provenance of the training
     */
    TeacherCache(Path file, Map<String, String> provenance) {
        this.file = file;
        origin = new LinkedHashMap<>(provenance);
        origin.keySet().retainAll(ORIGIN);
        origin.put("format", FORMAT);
    }

    /** Returns the stored targets, or computes them. The caller owns them. */
    FloatMatrix get(Supplier<FloatMatrix> teacher) throws IOException {
        FloatMatrix kept = read();
        if (kept != null) {
            return kept;
        }
        FloatMatrix targets = teacher.get();
        try {
            write(targets);
            return targets;
        } catch (IOException | RuntimeException | Error e) {
            targets.close();
            throw e;
        }
    }

    private FloatMatrix read() throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > 2 * MAXIMUM_NUMBERS * Float.BYTES) {
            return null;
        }
        NamedTensors.Tensor kept;
        try {
            NamedTensors found = NamedTensors.parse(Files.readAllBytes(file), file.toString());
            kept = found.metadata().equals(origin) ? found.tensors().get(TARGETS) : null;
        } catch (DataFormatException e) {
            // The file is not valid, so the targets are computed by the teacher.
            kept = null;
        }
        if (kept == null || kept.shape().length != 2) {
            return null;
        }
        int columns = kept.shape()[1];
        FloatMatrix targets = FloatMatrix.allocate(kept.shape()[0], columns);
        float[] row = new float[columns];
        for (int i = 0; i < targets.rows(); i++) {
            System.arraycopy(kept.values(), i * columns, row, 0, columns);
            targets.setRow(i, row);
        }
        return targets;
    }

    private void write(FloatMatrix targets) throws IOException {
        int columns = targets.columns();
        if (targets.rows() * columns > MAXIMUM_NUMBERS) {
            return;
        }
        int rows = Math.toIntExact(targets.rows());
        float[] values = new float[rows * columns];
        float[] row = new float[columns];
        for (int i = 0; i < rows; i++) {
            targets.getRow(i, row);
            System.arraycopy(row, 0, values, i * columns, columns);
        }
        new NamedTensors(origin, Map.of(TARGETS, new NamedTensors.Tensor(new int[] {rows, columns}, values)))
                .write(file);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
