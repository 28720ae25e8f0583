package io.heddle.data.parquet;

import io.heddle.data.DataFormat;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Parquet: a file, or a folder of parts. */
public final class ParquetFormat implements DataFormat {
    /** Creates the format for {@link java.util.ServiceLoader}. */
    public ParquetFormat() {}

    @Override
    public String title() {
        return "Parquet";
    }

    @Override
    public int order() {
        return 20;
    }

    @Override
    public Match match(DataLocation location) throws IOException {
        if (location.startsWith('P', 'A', 'R', '1')) {
            return Match.CONTENT;
        }
        if (location.isFolder()) {
            Path folder = location.path();
            boolean parts = !location.parted().explicit()
                    && (ParquetTable.isFolder(folder)
                            || ParquetTable.partition(folder).isPresent());
            return parts ? Match.CONTENT : Match.NONE;
        }
        return location.ending().equals("parquet") ? Match.NAME : Match.NONE;
    }

    @Override
    public DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException {
        return ParquetTable.open(location.path(), options, log);
    }
}
