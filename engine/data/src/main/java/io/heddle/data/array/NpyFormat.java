package io.heddle.data.array;

import io.heddle.data.DataFormat;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.LabelColumn;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.UnlabelledRows;
import io.heddle.data.csv.MissingTexts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** NPY, an array of NumPy. */
public final class NpyFormat implements DataFormat {
    /** Creates the format for {@link java.util.ServiceLoader}. */
    public NpyFormat() {}

    @Override
    public String title() {
        return "NPY";
    }

    @Override
    public int order() {
        return 60;
    }

    @Override
    public Match match(DataLocation location) throws IOException {
        if (NpyArray.isMagic(location.start())) {
            return Match.CONTENT;
        }
        return location.ending().equals("npy") ? Match.NAME : Match.NONE;
    }

    @Override
    public DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException {
        Path path = location.path();
        LabelFile.requireFile(path, options);
        NpyArray array = NpyArray.open(path);
        try {
            Optional<Labels> labels =
                    LabelFile.readIfRequested(path, options, UnlabelledRows.withoutIds(array.rows(), log));
            return ArraySource.of(array, Arena.ofShared(), path, labels, options);
        } catch (IOException | RuntimeException | Error e) {
            array.close();
            throw e;
        }
    }

    @Override
    public boolean holdsLabels() {
        return true;
    }

    @Override
    public Labels readLabels(Path file, DataOptions options, UnlabelledRows rows) throws IOException {
        try (NpyLabels labels = NpyLabels.open(file)) {
            return labels(labels, options, file.toString());
        }
    }

    /**
     * @param place place of the labels, for error messages
     * @throws io.heddle.files.DataFormatException if a label is missing
     */
    static Labels labels(NpyLabels stored, DataOptions options, String place) throws IOException {
        MissingTexts missing = new MissingTexts(options.text().missing());
        LabelColumn column = new LabelColumn();
        for (int i = 0; i < stored.size(); i++) {
            String label = stored.get(i);
            missing.requireLabel(label.strip(), options, "%s: the label of row %d".formatted(place, i));
            column.add(label);
        }
        return column.toLabels();
    }

    /** Returns the number of labels that are blank or a text of a missing value. */
    static int missing(NpyLabels stored, DataOptions options) throws IOException {
        MissingTexts missing = new MissingTexts(options.text().missing());
        int count = 0;
        for (int i = 0; i < stored.size(); i++) {
            count += missing.contains(stored.get(i).strip()) ? 1 : 0;
        }
        return count;
    }
}
