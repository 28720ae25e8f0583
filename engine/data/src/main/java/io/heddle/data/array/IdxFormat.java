package io.heddle.data.array;

import io.heddle.data.DataFormat;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.data.UnlabelledRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** IDX, the format of MNIST. */
public final class IdxFormat implements DataFormat {
    /** Creates the format for {@link java.util.ServiceLoader}. */
    public IdxFormat() {}

    @Override
    public String title() {
        return "IDX";
    }

    @Override
    public int order() {
        return 50;
    }

    @Override
    public Match match(DataLocation location) throws IOException {
        // A gzip file is IDX unless its name is that of a text file. CSV has a lower rank and is tested first.
        return location.startsWith(0, 0, 8) || location.startsWith(0x1f, 0x8b) ? Match.CONTENT : Match.NONE;
    }

    @Override
    public DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException {
        return IdxSource.open(location.path(), options, log);
    }

    @Override
    public boolean holdsLabels() {
        return true;
    }

    @Override
    public Labels readLabels(Path file, DataOptions options, UnlabelledRows rows) throws IOException {
        return Labels.ofIntegers(
                Arrays.stream(Idx.readLabels(file)).asLongStream().toArray());
    }
}
