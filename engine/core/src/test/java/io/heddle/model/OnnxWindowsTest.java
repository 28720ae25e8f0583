package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the layers that convolutions and pooling with windows of other heights than widths become. */
class OnnxWindowsTest extends OnnxRefusals {
    private void layers(String expected) throws IOException {
        assertThat(OnnxFile.readEncoder(file("y", -1, 1, 8, 8), Optional.empty())
                        .metadata())
                .containsEntry("layers", expected);
    }

    /** As in Inception v3. */
    @Test
    void rowsAndColumnsAreConvolved() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 6, 4, 1, 7);
        constant("u", 6, 1, 7, 1);
        node("Conv", "x w", "c", "pads=[1,1,1,1]");
        node("Conv", "c v", "d", "pads=[0,3,0,3]", "kernel_shape=[1,7]");
        node("Conv", "d u", "e", "pads=[3,0,3,0]", "group=6");
        node("AveragePool", "e", "y", "kernel_shape=[2,1]", "pads=[1,0,0,0]", "count_include_pad=1");
        layers("conv 0 4@3/1 1,1,1,1; conv 1 6@1x7/1 0,3,0,3; depthwise 2 7x1/1 3,0,3,0; padded-mean 3 2x1/1 1,0,0,0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auto_pad=SAME_UPPER | conv 0 4@1x4/1 0,1,0,2",
                "auto_pad=SAME_LOWER strides=[3,3] | conv 0 4@1x4/3 0,1,0,1",
                "dilations=[2,2] pads=[0,3,0,3] | conv 0 4@1x7/1 0,3,0,3"
            })
    void otherAttributes(String attributes, String expected) throws IOException {
        constant("w", 4, 1, 1, 4);
        node("Conv", "x w", "y", attributes.split(" "));
        layers(expected);
    }

    /** The window has enough columns for the padding of its operator, but not enough rows for the Pad. */
    @Test
    void zerosBeforeWindowsOfOneRow() throws IOException {
        constant("w", 4, 1, 1, 3);
        node("Pad", "x", "p", "pads=[0,0,1,1,0,0,1,1]");
        node("Conv", "p w", "y", "pads=[0,1,0,1]");
        layers("conv 0 1@1/1; pad 1 1,1,1,1 0.0; conv 2 4@1x3/1 0,1,0,1");
    }

    @ParameterizedTest
    @CsvSource({"1, conv 0 4@1/1 1;1;1;1", "2, conv 0 1@1/1| pad 1 2;2;2;2 0.0| conv 2 4@1/1"})
    void windowsInThePaddingOnly(int padding, String expected) throws IOException {
        constant("w", 4, 1, 1, 1);
        node(
                "Conv",
                "x w",
                "y",
                "pads=[1,1,1,1]".replace('1', Integer.toString(padding).charAt(0)));
        layers(expected.replace(';', ',').replace('|', ';'));
    }

    @Test
    void windowsInThePaddingOfTwoOperators() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Pad", "x", "p", "pads=[0,0,2,2,0,0,2,2]");
        node("Conv", "p w", "y", "pads=[1,1,1,1]");
        layers("conv 0 1@1/1; pad 1 3,3,3,3 0.0; conv 2 4@3/1");
    }

    @ParameterizedTest
    @CsvSource({"MaxPool", "AveragePool"})
    void windowsBeyondTheLowerEdge(String operator) throws IOException {
        constant("w", 4, 1, 2, 2);
        node("Conv", "x w", "c");
        node(operator, "c", "y", "kernel_shape=[2,1]", "strides=[2,2]", "ceil_mode=1");
        layers("conv 0 4@2/1; %s 1 2x1/2 0,0,1,0".formatted(operator.equals("MaxPool") ? "max" : "mean"));
    }

    @Test
    void planesThatAreNotSquare() throws IOException {
        constant("w", 4, 1, 1, 3);
        node("Conv", "x w", "y");
        isRefused("cannot be read: layer 0 gives planes of 6 x 8 pixels, not squares", file("y", -1, 1, 8, 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kernel_shape=[3,1] | with a kernel_shape that is not that of its weights",
                "dilations=[1,2] | with the dilations [1, 2]",
                "dilations=[4000,4000] | with the dilations [4000, 4000]",
                "strides=[1,2] | with the strides [1, 2]"
            })
    void otherWindows(String attribute, String why) throws IOException {
        constant("w", 4, 1, 1, 3);
        node("Conv", "x w", "y", attribute);
        isRefused("has the operator Conv %s, which Heddle does not read".formatted(why), file("y", -1, 1, 8, 8));
    }
}
