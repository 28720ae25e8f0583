package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that unsupported ONNX networks are refused in one sentence, before any computation. */
class OnnxNetworkRefusalTest extends OnnxRefusals {
    /** A valid network except for one operator. */
    private Path withConvolution(String... attributes) throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("head", 2, 4);
        node("Conv", "x w", "c", attributes);
        node("GlobalAveragePool", "c", "g");
        node("Flatten", "g", "f");
        node("Gemm", "f head", "y", "transB=1");
        return file("y", -1, 1, 8, 8);
    }

    @Test
    void theSoundNetworkIsRead() throws IOException {
        try (SavedModel model = OnnxFile.read(withConvolution())) {
            assertThat(model.pipeline().inputs()).isEqualTo(4);
            assertThat(model.encoder().orElseThrow().metadata()).containsEntry("layers", "conv 0 4@3/1; mean 1 6/1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "group=2 | of 2 groups",
                "dilations=[2,3] | with the dilations [2, 3]",
                "dilations=[0,0] | with the dilations [0, 0]",
                "dilations=[4000,4000] | with the dilations [4000, 4000]",
                "strides=[1,2] | with the strides [1, 2]",
                "strides=[0,0] | with the strides [0, 0]",
                "pads=[1,1] | with 2 paddings",
                "kernel_shape=[5,5] | with a kernel_shape that is not that of its weights",
                "auto_pad=SAME_SOMEHOW | with the auto_pad SAME_SOMEHOW"
            })
    void convolutions(String attribute, String why) throws IOException {
        isRefused("has the operator Conv %s, which Heddle does not read".formatted(why), withConvolution(attribute));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | takes images of whole numbers; Heddle gives pixels from 0 to 1: export it with float images",
                "10 | takes images of the ONNX type 10, which Heddle does not read"
            })
    void imagesOfOtherTypes(int type, String sentence) throws IOException {
        inputType = type;
        isRefused(sentence, withConvolution());
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 29, 99})
    void opsetsThatHeddleDoesNotKnow(int opset) throws IOException {
        this.opset = opset;
        isRefused("is of opset %d; Heddle reads opset 7 to 28".formatted(opset), withConvolution());
    }

    /** ONNX Runtime refuses these too. */
    @ParameterizedTest
    @ValueSource(ints = {7, 10, 11, 13})
    void limitsInTheFormOfAnotherOpset(int opset) throws IOException {
        this.opset = opset;
        constant("w", 4, 1, 3, 3);
        graph.message(5, new Protobuf().integer(2, FLOAT).text(8, "limit").blob(9, new byte[Float.BYTES]));
        node("Conv", "x w", "c");
        if (opset < 11) {
            node("Clip", "c limit", "y");
            String why = "has the operator Clip with limits as operands in opset %d, which Heddle does not read";
            isRefused(why.formatted(opset), file("y", -1, 1, 8, 8));
        } else {
            node("Clip", "c", "y", "max=6");
            String why = "has the operator Clip with limits as attributes in opset %d, which Heddle does not read";
            isRefused(why.formatted(opset), file("y", -1, 1, 8, 8));
        }
    }

    @Test
    void dropoutInTraining() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("ratio", 1);
        graph.message(5, new Protobuf().integer(2, 9).text(8, "training").integer(5, 1));
        node("Conv", "x w", "c");
        node("Dropout", "c ratio training", "y");
        isRefused("has the operator Dropout in training mode, which Heddle does not read", file("y", -1, 1, 8, 8));
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void theModeOfDropoutAsABoolean(byte training) throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("ratio", 1);
        graph.message(5, new Protobuf().integer(2, 9).text(8, "training").blob(9, new byte[] {training}));
        node("Conv", "x w", "c");
        node("Dropout", "c ratio training", "y");
        Path file = file("y", -1, 1, 8, 8);
        if (training != 0) {
            isRefused("has the operator Dropout in training mode, which Heddle does not read", file);
        } else {
            assertThat(OnnxFile.readEncoder(file, Optional.empty()).metadata()).containsEntry("layers", "conv 0 4@3/1");
        }
    }

    @Test
    void imagesOfFloat16() throws IOException {
        inputType = 10;
        constant("w", 4, 1, 3, 3);
        node("Cast", "x", "wide", "to=1");
        node("Conv", "wide w", "y");
        assertThat(OnnxFile.readEncoder(file("y", -1, 1, 8, 8), Optional.empty())
                        .metadata())
                .containsEntry("layers", "conv 0 4@3/1");
    }

    @Test
    void imagesOfFloat16ThatAnotherOperatorReads() throws IOException {
        inputType = 10;
        constant("w", 4, 1, 3, 3);
        node("Cast", "x", "wide", "to=1");
        node("Conv", "wide w", "y");
        node("Conv", "x w", "z");
        isRefused("takes images of the ONNX type 10, which Heddle does not read", file("y", -1, 1, 8, 8));
    }

    /** As exporters based on onnxscript write constants without a tensor. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            value_float  | 2
            value_floats | 7
            """)
    void limitsWithoutATensor(String name, int field) throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        byte[] six = ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(6)
                .array();
        Protobuf value = new Protobuf().text(1, name).blob(field, six).integer(20, field == 2 ? 1 : 6);
        graph.message(1, new Protobuf().text(2, "six").text(4, "Constant").message(5, value));
        Protobuf zero = new Protobuf().text(1, "value_float").integer(20, 1);
        graph.message(1, new Protobuf().text(2, "zero").text(4, "Constant").message(5, zero));
        node("Clip", "c zero six", "y");
        assertThat(OnnxFile.readEncoder(file("y", -1, 1, 8, 8), Optional.empty())
                        .metadata())
                .containsEntry("layers", "conv 0 4@3/1; clip 1 0.0,6.0");
    }

    @Test
    void constantsOfText() throws IOException {
        constant("w", 4, 1, 3, 3);
        graph.message(
                1,
                new Protobuf()
                        .text(2, "six")
                        .text(4, "Constant")
                        .message(
                                5,
                                new Protobuf()
                                        .text(1, "value_string")
                                        .text(4, "6")
                                        .integer(20, 3)));
        node("Conv", "x w", "c");
        node("Clip", "c  six", "y");
        isRefused("has the operator Constant without numbers, which Heddle does not read", file("y", -1, 1, 8, 8));
    }

    @Test
    void convolutionsOfEachChannelAndLimits() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("w1", 4, 1, 3, 3);
        constant("w2", 8, 2, 1, 1);
        graph.message(5, new Protobuf().integer(2, FLOAT).text(8, "six").blob(9, new byte[] {0, 0, (byte) 0xc0, 0x40}));
        graph.message(5, new Protobuf().integer(2, FLOAT).text(8, "zero").blob(9, new byte[4]));
        node("Conv", "x w", "a");
        node("Clip", "a zero six", "b");
        node("Conv", "b w1", "c", "group=4", "pads=[1,1,1,1]");
        node("Clip", "c zero", "d");
        node("Conv", "d w2", "y", "group=2");
        Path file = file("y", -1, 1, 8, 8);
        assertThat(OnnxFile.readEncoder(file, Optional.empty()).metadata())
                .containsEntry("layers", "conv 0 4@3/1; clip 1 0.0,6.0; depthwise 2 3/1 1,1,1,1 relu; conv 3 8@1/1");
    }

    @Test
    void limitsThatAreComputed() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "y");
        node("Clip", "y x", "z");
        isRefused(
                "has the operator Clip with limits that are not constants, which Heddle does not read",
                file("z", -1, 1, 8, 8));
    }

    /** Files by the rules of proto3 leave out a zero: here the axis, whose default is the last one. */
    @Test
    void aZeroThatTheFileLeavesOut() throws IOException {
        constant("w", 2, 64);
        node("Flatten", "x", "f");
        node("Gemm", "f w", "s", "transB=1");
        node("Softmax", "s", "y", "axis=");
        isRefused(
                "has the operator Softmax of a value that is not one row per image, which Heddle does not read",
                file("y", -1, 1, 8, 8));
    }

    /** The lists of numbers of bfloat16 and of types of 8 bits hold patterns of bits. */
    @ParameterizedTest
    @ValueSource(ints = {16, 17})
    void weightsOfTypesThatAreNotReadInAnyForm(int type) throws IOException {
        Protobuf weights = new Protobuf();
        for (int size : new int[] {4, 1, 3, 3}) {
            weights.integer(1, size);
        }
        for (int i = 0; i < 36; i++) {
            weights.integer(5, 0x3c00);
        }
        graph.message(5, weights.integer(2, type).text(8, "w"));
        node("Conv", "x w", "y");
        isRefused(
                "has weights of the ONNX type %d, which Heddle does not read".formatted(type), file("y", -1, 1, 8, 8));
    }

    @Test
    void paddingByOtherNumbersThanZeroIsALayer() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Pad", "x", "p", "pads=[0,0,1,1,0,0,1,1]", "value=7");
        node("Conv", "p w", "y");
        assertThat(OnnxFile.readEncoder(file("y", -1, 1, 8, 8), Optional.empty())
                        .metadata())
                .containsEntry("layers", "conv 0 1@1/1; pad 1 1,1,1,1 7.0; conv 2 4@3/1");
    }

    @Test
    void theLastOfEqualScores() throws IOException {
        constant("w", 2, 64);
        node("Flatten", "x", "f");
        node("Gemm", "f w", "s", "transB=1");
        node("ArgMax", "s", "y", "axis=1", "select_last_index=1");
        isRefused(
                "has the operator ArgMax that gives the last of equal scores, which Heddle does not read",
                file("y", -1, 1, 8, 8));
    }

    @Test
    void paddingThatIsNotSquare() throws IOException {
        isRefused(
                "cannot be read: layer 0 gives planes of 8 x 6 pixels, not squares", withConvolution("pads=[0,1,0,1]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER"})
    void automaticPaddingIsComputed(String way) throws IOException {
        try (SavedModel model = OnnxFile.read(withConvolution("auto_pad=" + way, "strides=[2,2]"))) {
            String padding = way.equals("SAME_UPPER") ? "0,0,1,1" : "1,1,0,0";
            assertThat(model.encoder().orElseThrow().metadata())
                    .containsEntry("layers", "conv 0 4@3/2 %s; mean 1 4/1".formatted(padding));
        }
    }

    @Test
    void anUnknownOperator() throws IOException {
        node("Erf", "x", "y");
        isRefused(
                "uses the operator Erf; of networks Heddle reads Conv, BatchNormalization, Relu, Clip, Sigmoid, "
                        + "HardSwish, HardSigmoid, LeakyRelu, PRelu, MaxPool, AveragePool, GlobalAveragePool, "
                        + "Concat, Split, Flatten, Gemm, Add, Mul, Pad and Softmax",
                file("y", -1, 1, 8, 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1 | 8 | 8 | leaves the channels, height or width of its images open; export it for images of one size",
                "1 | -1 | -1 | leaves the channels, height or width of its images open; export it for images of one size",
                "1 | 8 | 9 | takes images of 9 x 8 pixels; Heddle's are square",
                "1 | 40000 | 40000 | takes images of 1 channels and 40000 x 40000 pixels",
                "1 | 5000 | 5000 | cannot be read: an image of 1 channels and side 5000 is not between 1 and 65536 channels, or not between 1 and 4096 pixels"
            })
    void shapesOfImages(int channels, int height, int width, String sentence) throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "y");
        isRefused(sentence, file("y", -1, channels, height, width));
    }

    /** The shape of the images has their number, which is not known. */
    @Test
    void padsThatDependOnTheNumberOfImages() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Shape", "x", "shape");
        node("Concat", "shape shape", "pads", "axis=0");
        node("Pad", "x pads", "padded");
        node("Conv", "padded w", "y");
        isRefused(
                "has the operator Pad with numbers that depend on the number of images, which Heddle does not read",
                file("y", -1, 1, 8, 8));
    }

    @Test
    void weightsOfAnotherShape() throws IOException {
        constant("w", 4, 2, 3, 3);
        node("Conv", "x w", "y");
        isRefused(
                "has the operator Conv with operand 2 that is not a constant of the shape [4, 1, 3, 3], which Heddle does not read",
                file("y", -1, 1, 8, 8));
    }

    @Test
    void weightsThatAreNotThere() throws IOException {
        Protobuf tensor = new Protobuf().integer(2, FLOAT).text(8, "w").blob(9, new byte[16]);
        for (int i = 0; i < 4; i++) {
            tensor.integer(1, 50_000);
        }
        graph.message(5, tensor);
        node("Conv", "x w", "y");
        isRefused("is damaged: a tensor of 6250000000000000000 values holds 4", file("y", -1, 1, 8, 8));
    }

    @Test
    void aResidualWhoseBranchesDoNotFit() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 5, 1, 3, 3);
        node("Conv", "x w", "a");
        node("Conv", "x v", "b");
        node("Add", "a b", "y");
        isRefused("cannot be read: layer 2 adds 4 planes of side 6 and 5 of side 6", file("y", -1, 1, 8, 8));
    }

    @Test
    void aNetworkWithoutScoresOfClasses() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Relu", "c", "r");
        node("GlobalAveragePool", "r", "g");
        node("Flatten", "g", "y");
        Path file = file("y", -1, 1, 8, 8);
        assertThatThrownBy(() -> OnnxFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        "%s does not end in scores of classes that a Gemm gives; --as encoder imports it as features",
                        file);
        assertThat(OnnxFile.readEncoder(file, Optional.empty()).metadata())
                .containsEntry("layers", "conv 0 4@3/1 relu; mean 1 6/1");
    }

    /** ReLU must not change the input of the second branch, even if a value has several names. */
    @Test
    void aValueWithTwoReadersIsNotRectifiedInPlace() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Identity", "c", "same");
        node("Relu", "same", "r");
        node("Add", "c r", "y");
        Path file = file("y", -1, 1, 8, 8);
        assertThat(OnnxFile.readEncoder(file, Optional.empty()).metadata())
                .containsEntry("layers", "conv 0 4@3/1; add 1 relu; add 1 2");
    }

    /** Before opset 14, outputs of the statistics stand for training, in which those of the batch are used. */
    @Test
    void batchNormInTraining() throws IOException {
        opset = 9;
        constant("w", 4, 1, 3, 3);
        for (String name : List.of("scale", "bias", "mean", "variance")) {
            constant(name, 4);
        }
        node("Conv", "x w", "c");
        Protobuf norm = new Protobuf();
        for (String name : List.of("c", "scale", "bias", "mean", "variance")) {
            norm.text(1, name);
        }
        graph.message(
                1, norm.text(2, "y").text(2, "newMean").text(2, "newVariance").text(4, "BatchNormalization"));
        isRefused(
                "has the operator BatchNormalization in training mode, which Heddle does not read",
                file("y", -1, 1, 8, 8));
    }

    @Test
    void batchNormOfEachPixel() throws IOException {
        constant("w", 4, 1, 3, 3);
        for (String name : List.of("scale", "bias", "mean", "variance")) {
            constant(name, 36);
        }
        node("Conv", "x w", "c");
        node("MaxPool", "c", "m", "kernel_shape=[2,2]", "strides=[2,2]");
        node("Flatten", "m", "f");
        node("BatchNormalization", "f scale bias mean variance", "y");
        isRefused(
                "has the operator BatchNormalization of rows of planes, with another number for each pixel, which "
                        + "Heddle does not read",
                file("y", -1, 1, 8, 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../weights | keeps weights in the file \"../weights\", which is not in its own folder; Heddle opens no other",
                "/etc/hostname | keeps weights in the file \"/etc/hostname\", which is not in its own folder; Heddle opens no other",
                "link | keeps weights in the file \"link\", a link out of its own folder; Heddle opens no other",
                "none | keeps weights in the file \"none\", which is not there",
                "short | keeps 144 bytes of a tensor of 144 in the file \"short\" from byte 0 on, which has 143 bytes"
            })
    void weightsInOtherFiles(String location, String sentence) throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Files.write(folder.resolve("weights"), new byte[1000]);
        Files.write(inside.resolve("short"), new byte[143]);
        Files.createSymbolicLink(inside.resolve("link"), folder.resolve("weights"));
        graph.message(
                5,
                new Protobuf()
                        .integer(1, 4)
                        .integer(1, 1)
                        .integer(1, 3)
                        .integer(1, 3)
                        .integer(2, FLOAT)
                        .text(8, "w")
                        .message(13, new Protobuf().text(1, "location").text(2, location))
                        .integer(14, 1));
        node("Conv", "x w", "y");
        Path file = Files.move(file("y", -1, 1, 8, 8), inside.resolve("odd.onnx"));
        isRefused(sentence, file);
    }

    /** Changes single bits of a real network. The file must be read or refused with one sentence. */
    @Tag("slow")
    @Test
    void damagedNetworksAreRefusedOrRead() throws IOException {
        byte[] whole;
        try (InputStream in = OnnxNetworkRefusalTest.class.getResourceAsStream("networks/strided.onnx")) {
            whole = in.readAllBytes();
        }
        Path file = folder.resolve("damaged.onnx");
        int refused = 0;
        for (int at = 0; at < whole.length; at += at < 4_000 ? 37 : 1_013) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 7);
            Files.write(file, changed);
            try {
                OnnxFile.read(file).close();
            } catch (DataFormatException e) {
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5);
    }
}
