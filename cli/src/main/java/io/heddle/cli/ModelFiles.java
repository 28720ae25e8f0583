package io.heddle.cli;

import io.heddle.cli.data.DataOptions;
import io.heddle.cli.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the commands write into model files beside the model, and what they ask of those they read. */
final class ModelFiles {
    private static final String SCALE = "scale";

    private ModelFiles() {}

    /** Where the training data are from, and how they were scaled. */
    static Provenance provenance(DataSource data, DataOptions options) throws IOException {
        Provenance provenance = Provenance.now().withData(data.sha256());
        if (options.scale().isPresent()) {
            provenance =
                    provenance.withOption(SCALE, Double.toString(options.scale().getAsDouble()));
        }
        return provenance;
    }

    /** The names of a model's classes: those it was trained on, or their numbers. */
    static List<String> classNames(SavedModel model) {
        List<String> names = model.provenance().classNames();
        if (!names.isEmpty()) {
            return names;
        }
        return java.util.stream.IntStream.range(0, model.pipeline().outputs())
                .mapToObj(Integer::toString)
                .toList();
    }

    /**
     * Reads a model for data that are then scaled as its training data were.
     *
     * @throws InvalidInputException if the model is of another kind
     */
    static SavedModel read(Path file, SavedModel.Kind kind) throws IOException {
        SavedModel model = ModelFile.read(file);
        if (model.kind() != kind) {
            String found = model.kind().text();
            model.close();
            throw new InvalidInputException("%s is a model of kind %s, not %s".formatted(file, found, kind.text()));
        }
        return model;
    }

    /** How to read data for a model: as its training data were read, unless the user says otherwise. */
    static DataOptions optionsFor(SavedModel model, DataOptions given) {
        String scale = model.provenance().options().get(SCALE);
        return given.scale().isPresent() || scale == null ? given : given.withScale(Double.parseDouble(scale));
    }

    /** @throws InvalidInputException if the data have another number of columns than the model takes */
    static void requireColumns(SavedModel model, Path file, DataSource data) {
        InvalidInputException.require(
                data.columns() == model.pipeline().inputs(),
                "%s has %d columns, but the model %s takes %d",
                data.name(),
                data.columns(),
                file,
                model.pipeline().inputs());
    }
}
