package io.heddle.encoder;

import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A convolution followed by ReLU. Zero padding keeps the size of the planes, divided by the stride.
 *
 * <p>For example: {@snippet file="EncoderExamplesTest.java" region="layers"}
 *
 * @param channels planes of the output
 * @param kernel side of the kernel, odd
 * @param stride step from one output pixel to the next
 */
public record ConvolutionLayer(int channels, int kernel, int stride) {
    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,3})@([1-9]\\d?)(?:/([1-4]))?");
    private static final int MAXIMUM_LAYERS = 32;

    /** {@return padding in pixels on each side} */
    public int padding() {
        return kernel / 2;
    }

    /**
     * {@return side of the planes of the output}
     *
     * @param side of the planes of the input
     */
    public int output(int side) {
        return (side + 2 * padding() - kernel) / stride + 1;
    }

    /** {@return channels, kernel and, unless it is 1, stride: {@code 64@3/2}} */
    @Override
    public String toString() {
        return channels + "@" + kernel + (stride == 1 ? "" : "/" + stride);
    }

    /**
     * {@return a network's layers in one line, as {@link #parse} reads them}
     *
     * @param layers in order
     */
    public static String describe(List<ConvolutionLayer> layers) {
        return layers.stream().map(ConvolutionLayer::toString).collect(Collectors.joining(" "));
    }

    /**
     * Reads a network's layers.
     *
     * @param text layers separated by blanks, such as {@code 32@5/2 64@3}: 1 to 32 layers of 1 to 9,999 channels, with
     *     odd kernels of 1 to 99 pixels and strides of 1 to 4
     * @return the layers in order
     * @throws InvalidInputException if the text does not describe layers
     */
    public static List<ConvolutionLayer> parse(String text) {
        List<ConvolutionLayer> layers = new ArrayList<>();
        for (String word : text.strip().split("\\s+")) {
            Matcher matcher = TEXT.matcher(word);
            InvalidInputException.require(
                    matcher.matches(),
                    "\"%s\" is not a layer: channels@kernel, or channels@kernel/stride, such as 64@3/2",
                    word);
            int kernel = Integer.parseInt(matcher.group(2));
            InvalidInputException.require(kernel % 2 == 1, "the kernel of the layer %s is not odd", word);
            int stride = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
            layers.add(new ConvolutionLayer(Integer.parseInt(matcher.group(1)), kernel, stride));
        }
        InvalidInputException.require(
                layers.size() <= MAXIMUM_LAYERS,
                "a network has at most %d layers, not %d",
                MAXIMUM_LAYERS,
                layers.size());
        return List.copyOf(layers);
    }
}
