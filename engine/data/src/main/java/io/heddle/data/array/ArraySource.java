package io.heddle.data.array;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FileHash;
import io.heddle.data.Labels;
import io.heddle.data.Memory;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** An NPY array, mapped or unpacked. Rows are converted on request. */
final class ArraySource extends DataSource {
    /** Doubles represent all whole numbers up to this one. */
    private static final double EXACT = 0x1p53;

    private final NpyArray array;
    private final Arena memory;
    private final float scale;
    private final double exactScale;
    private final Path file;
    /** Null until it is requested. */
    private Table table;

    /** @param memory further resources to close */
    private ArraySource(Description description, NpyArray array, Arena memory, DataOptions options, Path file) {
        super(description);
        this.array = array;
        this.memory = memory;
        boolean bytes = array.dtype() == Dtype.UINT8;
        this.scale = options.scaleFor(bytes);
        this.exactScale = options.exactScaleFor(bytes);
        this.file = file;
    }

    /** Creates a source that owns the array and the arena, unless this throws. */
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
        return new ArraySource(description, array, memory, options, file);
    }

    @Override
    public FloatMatrix read(long from, long to) {
        return array.read(from, to, scale);
    }

    @Override
    public boolean isWide() {
        return !array.dtype().fitsFloat();
    }

    @Override
    public void readDoubles(long from, long to, double[] target) {
        array.readDoubles(from, to, exactScale, target);
    }

    /**
     * Returns a table of doubles with numbered columns, if floats would round the values and the rows are not images.
     */
    @Override
    public Optional<Table> table() throws IOException {
        if (table == null && isWide() && images().isEmpty()) {
            Memory.requireRoom(name(), 2 * rows(), columns());
            try (Table.Builder builder = Table.builder(columns())) {
                double[] row = new double[columns()];
                for (long i = 0; i < rows(); i++) {
                    readDoubles(i, i + 1, row);
                    builder.add(row);
                }
                table = builder.withoutNames()
                        .build(IntStream.rangeClosed(1, columns())
                                .mapToObj(j -> Column.number(Integer.toString(j)))
                                .toList());
            }
        }
        return Optional.ofNullable(table);
    }

    @Override
    public Set<String> rounded() throws IOException {
        Set<String> names = new HashSet<>();
        if (array.dtype() == Dtype.INT64 || array.dtype() == Dtype.UINT64) {
            Table values = table().orElse(null);
            for (int j = 0; values != null && j < columns(); j++) {
                for (long i = 0; i < rows(); i++) {
                    if (Math.abs(values.value(i, j)) >= EXACT) {
                        names.add(values.columns().get(j).name());
                        break;
                    }
                }
            }
        }
        return names;
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
        if (table != null) {
            table.close();
        }
        array.close();
        memory.close();
    }
}
