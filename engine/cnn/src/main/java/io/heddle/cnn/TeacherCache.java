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
 * What a network learns of its teacher, kept beside the checkpoint so that a training that goes on need not ask the
 * teacher again. It is whole or not there, and is used only where images, teacher and options are those it was made of.
 */
final class TeacherCache {
    private static final String FORMAT = "heddle-teacher-1";
    private static final String TARGETS = "targets";

    // Read and written through the heap; what is larger is computed again.
    private static final long MOST_NUMBERS = 1L << 25;

    // Of what a training is made from, what its targets depend on.
    private static final Set<String> ORIGIN = Set.of(
            "teacherSha256", "teacherPrecision", "dataSha256", "components", "smoothing", "augment", "seed", "pytorch");

    private final Path file;
    private final Map<String, String> origin;

    /**
     * @param file where it lies
     * @param provenance what the training is made from
     */
    TeacherCache(Path file, Map<String, String> provenance) {
        this.file = file;
        origin = new LinkedHashMap<>(provenance);
        origin.keySet().retainAll(ORIGIN);
        origin.put("format", FORMAT);
    }

    /** The targets as they were kept, or as the teacher tells them now; owned by the caller. */
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
        if (!Files.isRegularFile(file) || Files.size(file) > 2 * MOST_NUMBERS * Float.BYTES) {
            return null;
        }
        TensorFile.Tensor kept;
        try {
            TensorFile found = TensorFile.parse(Files.readAllBytes(file), file.toString());
            kept = found.metadata().equals(origin) ? found.tensors().get(TARGETS) : null;
        } catch (DataFormatException e) {
            // Not a file of this program: the targets are computed from the teacher instead.
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
        if (targets.rows() * columns > MOST_NUMBERS) {
            return;
        }
        int rows = Math.toIntExact(targets.rows());
        float[] values = new float[rows * columns];
        float[] row = new float[columns];
        for (int i = 0; i < rows; i++) {
            targets.getRow(i, row);
            System.arraycopy(row, 0, values, i * columns, columns);
        }
        new TensorFile(origin, Map.of(TARGETS, new TensorFile.Tensor(new int[] {rows, columns}, values))).write(file);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
