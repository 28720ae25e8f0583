package io.heddle.encoder;

import java.io.IOException;
import java.io.InputStream;

/**
 * An encoder that is part of this library.
 *
 * <p>For example: {@snippet file="EncoderExamplesTest.java" region="image-encoder"}
 */
public enum EmbeddedEncoder {
    /** 256 features of 28 × 28 pixels, trained without labels on the images of Fashion-MNIST; 273,000 weights. */
    FASHION("fashion");

    private final String label;

    EmbeddedEncoder(String label) {
        this.label = label;
    }

    /** {@return the name in options and messages} */
    public String label() {
        return label;
    }

    /**
     * {@return the content of the encoder's file}
     *
     * @throws IOException if this build does not contain it
     */
    public byte[] file() throws IOException {
        String resource = label + ".safetensors";
        try (InputStream in = EmbeddedEncoder.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("this build of Heddle lacks its resource %s".formatted(resource));
            }
            return in.readAllBytes();
        }
    }
}
