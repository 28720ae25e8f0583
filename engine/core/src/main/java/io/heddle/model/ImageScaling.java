package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.InvalidInputException;
import java.util.List;

/**
 * How a program scaled pixels before it gave them to a network, such as {@code transforms.Normalize} of torchvision: (x
 * − mean) / deviation, channel by channel, of pixels from 0 to 1.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="onnx-network"}
 *
 * @param mean one number, or one per channel
 * @param deviation one number, or one per channel; above 0
 */
public record ImageScaling(List<Double> mean, List<Double> deviation) {
    /**
     * Checks the numbers.
     *
     * @throws InvalidInputException if a list is empty, or a number is not finite or, of a deviation, not above 0
     */
    public ImageScaling {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        require(!mean.isEmpty() && !deviation.isEmpty(), "a scaling needs at least one mean and one deviation");
        for (double value : mean) {
            require(Double.isFinite(value), "a mean of pixels is %s", value);
        }
        for (double value : deviation) {
            require(value > 0 && Double.isFinite(1 / value), "a deviation of pixels is %s, not above 0", value);
        }
    }

    /** Composes x · factor + shift with this. */
    void apply(double[] factor, double[] shift) {
        for (List<Double> list : List.of(mean, deviation)) {
            require(
                    list.size() == 1 || list.size() == factor.length,
                    "%d numbers do not scale images of %d channels",
                    list.size(),
                    factor.length);
        }
        for (int c = 0; c < factor.length; c++) {
            double by = 1 / deviation.get(deviation.size() == 1 ? 0 : c);
            factor[c] *= by;
            shift[c] = (shift[c] - mean.get(mean.size() == 1 ? 0 : c)) * by;
        }
    }
}
