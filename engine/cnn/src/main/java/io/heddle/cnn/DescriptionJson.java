package io.heddle.cnn;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the JSON description of an encoder. A separate class, so that encoders without a description do not load the
 * JSON library.
 */
final class DescriptionJson {
    private static final Gson GSON =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private DescriptionJson() {}

    /**
     * @param label name of the text in messages
     * @throws DataFormatException if the text is not a JSON object or a value is invalid
     */
    static EncoderDescription parse(String json, String label) throws IOException {
        JsonObject object;
        try {
            object = GSON.fromJson(json, JsonObject.class);
        } catch (JsonParseException e) {
            throw new DataFormatException("%s is not a JSON object".formatted(label), e);
        }
        if (object == null) {
            throw new DataFormatException("%s is empty".formatted(label));
        }
        Keys keys = new Keys(object, label);
        return new EncoderDescription(
                keys.text("name"),
                keys.number("inputSize", EncoderDescription.LARGEST_INPUT),
                keys.number("dimensions", EncoderDescription.MAXIMUM_DIMENSIONS),
                keys.precision(),
                keys.sha256());
    }

    private record Keys(JsonObject object, String label) {
        Optional<String> text(String key) throws IOException {
            JsonElement value = object.get(key);
            if (value == null) {
                return Optional.empty();
            }
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
                throw wrong(key, value, "a string");
            }
            return Optional.of(value.getAsString());
        }

        OptionalInt number(String key, int maximum) throws IOException {
            JsonElement value = object.get(key);
            if (value == null) {
                return OptionalInt.empty();
            }
            String expected = "a whole number from 1 to " + maximum;
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
                throw wrong(key, value, expected);
            }
            double number = value.getAsDouble();
            if (!(number >= 1 && number <= maximum && number == Math.rint(number))) {
                throw wrong(key, value, expected);
            }
            return OptionalInt.of((int) number);
        }

        Optional<Precision> precision() throws IOException {
            Optional<String> text = text("precision");
            if (text.isEmpty()) {
                return Optional.empty();
            }
            return switch (text.get()) {
                case "float32" -> Optional.of(Precision.FLOAT32);
                case "bfloat16" -> Optional.of(Precision.BFLOAT16);
                default -> throw wrong("precision", object.get("precision"), "\"float32\" or \"bfloat16\"");
            };
        }

        Optional<String> sha256() throws IOException {
            Optional<String> text = text("sha256").map(t -> t.toLowerCase(Locale.ROOT));
            if (text.isPresent() && !text.get().matches("[0-9a-f]{64}")) {
                throw wrong("sha256", object.get("sha256"), "64 hexadecimal digits");
            }
            return text;
        }

        private DataFormatException wrong(String key, JsonElement value, String expected) {
            return new DataFormatException("\"%s\" in %s is %s, not %s".formatted(key, label, value, expected));
        }
    }
}
