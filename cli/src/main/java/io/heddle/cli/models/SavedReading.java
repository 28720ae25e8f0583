package io.heddle.cli.models;

import io.heddle.data.DataOptions;
import io.heddle.data.ImageSize;
import io.heddle.data.TextOptions;
import io.heddle.files.DataFormatException;
import io.heddle.model.Provenance;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The options of reading training data, stored in a model file. Data for predictions are read with the same options
 * unless the user has set others.
 */
final class SavedReading {
    private static final String SCALE = "scale";
    private static final String RESIZE = "read.resize";
    private static final String GRAY = "read.gray";
    private static final String IMAGE_SIZE = "read.imageSize";
    private static final String HEADER = "read.header";
    private static final String SEPARATOR = "read.separator";
    private static final String ENCODING = "read.encoding";
    private static final String COMMENT = "read.comment";
    private static final String DECIMAL = "read.decimal";
    private static final String THOUSANDS = "read.thousands";
    private static final String KEEP_INDEX = "read.keepIndex";
    /** Texts separated by line ends. */
    private static final String MISSING = "read.missingText";

    private SavedReading() {}

    /** Adds the options of the user. */
    static Provenance add(Provenance provenance, DataOptions options) {
        Provenance p = provenance;
        if (options.scale().isPresent()) {
            p = p.withOption(SCALE, Double.toString(options.scale().getAsDouble()));
        }
        if (options.gray()) {
            p = p.withOption(GRAY, "true");
        }
        p = with(p, RESIZE, options.resize().map(SavedReading::text));
        p = with(p, IMAGE_SIZE, options.imageSize().map(SavedReading::text));
        p = with(p, HEADER, options.header().map(Object::toString));
        p = with(p, SEPARATOR, options.separator().map(Object::toString));
        return addText(p, options.text());
    }

    private static Provenance addText(Provenance provenance, TextOptions text) {
        Provenance p = with(provenance, ENCODING, text.encoding().map(Charset::name));
        p = with(p, COMMENT, text.comment().map(Object::toString));
        p = with(p, DECIMAL, text.decimal().map(Object::toString));
        p = with(p, THOUSANDS, text.thousands().map(Object::toString));
        if (text.keepIndex()) {
            p = p.withOption(KEEP_INDEX, "true");
        }
        return text.missing().equals(TextOptions.MISSING)
                ? p
                : p.withOption(MISSING, String.join("\n", text.missing()));
    }

    private static String text(ImageSize size) {
        return size.toString();
    }

    private static Provenance with(Provenance provenance, String name, Optional<String> value) {
        return value.isPresent() ? provenance.withOption(name, value.get()) : provenance;
    }

    /**
     * Returns the options of the training data, with given options replaced.
     *
     * @param place file of the model, for error messages
     * @throws DataFormatException if the file has an invalid option
     */
    static DataOptions apply(Map<String, String> saved, DataOptions given, String place) throws DataFormatException {
        DataOptions options = given;
        if (given.scale().isEmpty() && saved.containsKey(SCALE)) {
            options = options.withScale(parsed(saved, SCALE, SavedReading::scale, place));
        }
        if (!given.gray() && saved.containsKey(GRAY)) {
            options = options.withGray(parsed(saved, GRAY, SavedReading::flag, place));
        }
        if (given.resize().isEmpty() && saved.containsKey(RESIZE)) {
            options = options.withResize(parsed(saved, RESIZE, ImageSize::parse, place));
        }
        if (given.imageSize().isEmpty() && saved.containsKey(IMAGE_SIZE)) {
            options = options.withImageSize(parsed(saved, IMAGE_SIZE, ImageSize::parse, place));
        }
        if (given.header().isEmpty() && saved.containsKey(HEADER)) {
            options = options.withHeader(parsed(saved, HEADER, SavedReading::flag, place));
        }
        options = options.withText(applyText(saved, given.text(), place));
        if (given.separator().isEmpty() && saved.containsKey(SEPARATOR)) {
            options = options.withSeparator(parsed(saved, SEPARATOR, SavedReading::character, place));
        }
        return options;
    }

    private static TextOptions applyText(Map<String, String> saved, TextOptions given, String place)
            throws DataFormatException {
        TextOptions text = given;
        if (given.encoding().isEmpty() && saved.containsKey(ENCODING)) {
            text = text.withEncoding(parsed(saved, ENCODING, Charset::forName, place));
        }
        if (given.comment().isEmpty() && saved.containsKey(COMMENT)) {
            text = text.withComment(parsed(saved, COMMENT, SavedReading::character, place));
        }
        if (given.decimal().isEmpty() && saved.containsKey(DECIMAL)) {
            text = text.withDecimal(parsed(saved, DECIMAL, SavedReading::character, place));
        }
        if (given.thousands().isEmpty() && saved.containsKey(THOUSANDS)) {
            text = text.withThousands(parsed(saved, THOUSANDS, SavedReading::character, place));
        }
        if (!given.keepIndex() && saved.containsKey(KEEP_INDEX)) {
            text = text.withKeepIndex(parsed(saved, KEEP_INDEX, SavedReading::flag, place));
        }
        if (given.missing().equals(TextOptions.MISSING) && saved.containsKey(MISSING)) {
            text = text.withMissing(List.of(saved.get(MISSING).split("\n")));
        }
        return text;
    }

    private static <T> T parsed(Map<String, String> saved, String name, Function<String, T> parse, String place)
            throws DataFormatException {
        try {
            return parse.apply(saved.get(name));
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(
                    "%s is damaged: its option %s is '%s'".formatted(place, name, saved.get(name)), e);
        }
    }

    private static double scale(String text) {
        double scale = Double.parseDouble(text);
        if (!Double.isFinite(scale) || scale == 0) {
            throw new IllegalArgumentException("not a scale");
        }
        return scale;
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static char character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("not one character");
        }
        return text.charAt(0);
    }
}
