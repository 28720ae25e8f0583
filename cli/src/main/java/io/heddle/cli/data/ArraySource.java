package io.heddle.cli.data;

import io.heddle.data.Dtype;
import io.heddle.data.NpyArray;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An NPY array, mapped or unpacked; rows are converted when they are asked for. */
final class ArraySource extends DataSource {
    private final NpyArray array;
    private final Arena memory;
    private final float scale;
    private final Path file;

    /** @param memory what else to give back in the end */
    private ArraySource(Description description, NpyArray array, Arena memory, float scale, Path file) {
        super(description);
        this.array = array;
        this.memory = memory;
        this.scale = scale;
        this.file = file;
    }

    /** The array becomes the source's own, and so does the arena, unless this throws. */
    static ArraySource of(NpyArray array, Arena memory, Path file, Optional<Labels> labels, DataOptions options) {
        String name = file.getFileName().toString();
        InputShape.requireTable(array, name);
        Description description = new Description(
                name,
                array.rows(),
                array.columns(),
                array.dtype().toString(),
                labels,
                InputShape.images(array, name, options),
                List.of());
        return new ArraySource(description, array, memory, options.scaleFor(array.dtype() == Dtype.UINT8), file);
    }

    @Override
    public FloatMatrix read(long from, long to) {
        return array.read(from, to, scale);
    }

    @Override
    public DataMatrix matrix() throws IOException {
        Optional<ByteMatrix> bytes = array.bytes(scale);
        return bytes.isPresent() ? bytes.get() : read();
    }

    @Override
    public String sha256() throws IOException {
        return FileHash.of(List.of(file));
    }

    @Override
    public void close() {
        array.close();
        memory.close();
    }
}
