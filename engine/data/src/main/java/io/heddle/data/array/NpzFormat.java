package io.heddle.data.array;

import io.heddle.data.DataFormat;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import java.io.IOException;
import java.util.function.Consumer;

/** NPZ, NumPy's archive of arrays. */
public final class NpzFormat implements DataFormat {
    /** Creates the format for {@link java.util.ServiceLoader}. */
    public NpzFormat() {}

    @Override
    public String title() {
        return "NPZ";
    }

    @Override
    public int order() {
        return 70;
    }

    @Override
    public Match match(DataLocation location) throws IOException {
        // CSV is tested first and accepts archives of text.
        if (location.startsWith('P', 'K', 3, 4)) {
            return Match.CONTENT;
        }
        return location.ending().equals("npz") ? Match.NAME : Match.NONE;
    }

    @Override
    public DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException {
        return NpzArchive.open(location.path(), options, log);
    }
}
