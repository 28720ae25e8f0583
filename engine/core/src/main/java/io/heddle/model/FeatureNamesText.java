package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.util.List;
import java.util.Map;

/** The names of a model's features in the metadata of its file. Older files do not have them. */
final class FeatureNamesText {
    private static final String KEY = "feature_names";

    private FeatureNamesText() {}

    /** Returns the names of the first stage that combines columns. A scaling before it does not change the columns. */
    static List<String> of(List<Stage> stages) {
        return stages.stream()
                .filter(stage -> !(stage instanceof Stage.Scale))
                .findFirst()
                .map(Stage::featureNames)
                .orElse(List.of());
    }

    /** Not for a model of tables, whose preprocessor contains the names. */
    static void write(List<Stage> stages, Map<String, String> metadata) {
        List<String> names = of(stages);
        if (!names.isEmpty()) {
            metadata.put(KEY, NamesText.write(names));
        }
    }

    static List<String> read(TensorFile tensors) throws DataFormatException {
        String text = tensors.metadata().get(KEY);
        if (text == null) {
            return List.of();
        }
        return NamesText.parse(text)
                .orElseThrow(() -> tensors.fault("is damaged: its names of features are not valid"));
    }

    /** Adds names to the columns of a stage's matrix. Other sizes are an error of the file that is reported later. */
    static FloatMatrix name(FloatMatrix matrix, List<String> names) {
        return names.isEmpty() ? matrix : matrix.withColumnNames(names);
    }
}
