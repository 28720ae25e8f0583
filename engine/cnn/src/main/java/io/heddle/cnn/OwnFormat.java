package io.heddle.cnn;

import io.heddle.encoder.ConvolutionLayer;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.util.List;
import java.util.Map;

/** Reads the description of a network from the header of a Heddle encoder. */
final class OwnFormat {
    /** Value of {@code format} in the header. */
    static final String FORMAT = "heddle-encoder-1";

    /** The format of networks that {@code heddle import onnx} has written. */
    private static final String IMPORTED = "heddle-encoder-2";

    private OwnFormat() {}

    /** Whether a network was imported, whose layers are a graph. */
    static boolean isImported(Map<String, String> metadata) {
        return IMPORTED.equals(metadata.get("format"));
    }

    /** @throws DataFormatException if the header does not describe layers */
    static List<ConvolutionLayer> layers(Map<String, String> metadata, String label) throws DataFormatException {
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new DataFormatException("%s is a safetensors file, but its header does not say \"format\": \"%s\""
                    .formatted(label, FORMAT));
        }
        try {
            return ConvolutionLayer.parse(String.valueOf(metadata.get("layers")));
        } catch (InvalidInputException e) {
            throw new DataFormatException("the encoder %s cannot be built: %s".formatted(label, e.getMessage()), e);
        }
    }

    /** @throws DataFormatException if the header has no valid input size */
    static int inputSize(Map<String, String> metadata, String label) throws DataFormatException {
        String text = String.valueOf(metadata.get("inputSize"));
        if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > EncoderDescription.LARGEST_INPUT) {
            throw new DataFormatException("\"inputSize\" in the header of %s is %s, not a whole number from 1 to %d"
                    .formatted(label, text, EncoderDescription.LARGEST_INPUT));
        }
        return Integer.parseInt(text);
    }
}
