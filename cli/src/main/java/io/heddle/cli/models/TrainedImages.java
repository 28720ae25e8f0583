package io.heddle.cli.models;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of the images that a model was trained on. Images of another shape can have the same number of values, but
 * their pixels are at other places.
 *
 * @param shape the shape; empty if the rows were not images, and in older model files
 * @param place the model or its file, for error messages
 */
record TrainedImages(Optional<ImageShape> shape, String place) {
    private static final String OPTION = "read.images";
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

    /** Adds the shape of training data. */
    static Provenance add(Provenance provenance, DataSource data) {
        return data.images()
                .map(s -> provenance.withOption(OPTION, "%dx%dx%d".formatted(s.width(), s.height(), s.channels())))
                .orElse(provenance);
    }

    /**
     * Returns the shape in a model file.
     *
     * @throws DataFormatException if it is not valid
     */
    static TrainedImages of(SavedModel model, String place) throws DataFormatException {
        String text = model.provenance().options().get(OPTION);
        if (text == null) {
            return new TrainedImages(Optional.empty(), place);
        }
        Matcher sides = TEXT.matcher(text);
        if (!sides.matches()) {
            throw new DataFormatException("%s is damaged: its option %s is '%s'".formatted(place, OPTION, text));
        }
        ImageShape shape = new ImageShape(
                Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)), Integer.parseInt(sides.group(3)));
        return new TrainedImages(Optional.of(shape), place);
    }

    /** Returns options with which gray photos are read like the colour photos of the training data. */
    DataOptions coloured(DataOptions options) {
        return shape.isPresent() && shape.get().channels() > 1 ? options.withColour(true) : options;
    }

    /** @throws InvalidInputException if the data are images of another shape */
    void require(DataSource data) {
        if (shape.isEmpty() || data.images().isEmpty()) {
            return;
        }
        ImageShape trained = shape.get();
        ImageShape given = data.images().get();
        InvalidInputException.require(
                given.equals(trained),
                "the images of %s are %s, but %s was trained on images of %s%s",
                data.name(),
                given,
                place,
                trained,
                data.file(0).isPresent() ? advice(given, trained) : "");
    }

    private static String advice(ImageShape given, ImageShape trained) {
        List<String> options = new ArrayList<>();
        if (given.width() != trained.width() || given.height() != trained.height()) {
            options.add("--resize %dx%d".formatted(trained.width(), trained.height()));
        }
        if (given.channels() > trained.channels()) {
            options.add("--gray");
        }
        return options.isEmpty()
                ? "; leave out --gray"
                : "; %s converts the photos".formatted(String.join(" ", options));
    }
}
