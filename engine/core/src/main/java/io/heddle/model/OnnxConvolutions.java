package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Exports a Heddle encoder as ONNX operators: convolutions with ReLU, the mean of each plane and, for grid pooling, the
 * means of 2 × 2 windows of the planes of the last three layers.
 */
final class OnnxConvolutions {
    private static final Pattern LAYER = Pattern.compile("\\d+@([1-9]\\d?)(?:/([1-4]))?(?: |$)");
    private static final Pattern SIZE = Pattern.compile("[1-9]\\d{0,3}");
    private static final int WEIGHT_DIMENSIONS = 4;
    private static final int GRID = 2;
    private static final int GRID_LAYERS = 3;

    private final OnnxGraph graph;
    private final TensorSet encoder;

    private OnnxConvolutions(OnnxGraph graph, TensorSet encoder) {
        this.graph = graph;
        this.encoder = encoder;
    }

    /** The output of a layer. */
    private record Planes(String name, int channels, int side) {}

    /**
     * Adds the operators after the graph's input {@code input}, N × 1 × S × S.
     *
     * @param features number of features that the model takes: the number of planes of the last layer, or that of the
     *     grid
     * @return the name of the N × features output
     * @throws InvalidInputException if the encoder does not have this number of features
     * @throws DataFormatException if the encoder is damaged
     */
    static String write(OnnxGraph graph, TensorSet encoder, int features) throws DataFormatException {
        return new OnnxConvolutions(graph, encoder).write(features);
    }

    private String write(int features) throws DataFormatException {
        List<Planes> layers = layers();
        Planes last = layers.getLast();
        String means = graph.node("GlobalAveragePool", "planes", List.of(), last.name());
        if (features == last.channels()) {
            return graph.node("Flatten", "features", List.of(), means);
        }
        List<String> parts = new ArrayList<>();
        parts.add(graph.node("Flatten", "means", List.of(), means));
        int dimensions = last.channels();
        for (Planes planes : layers.subList(Math.max(0, layers.size() - GRID_LAYERS), layers.size())) {
            dimensions += GRID * GRID * planes.channels();
            parts.add(windows(planes));
        }
        InvalidInputException.require(
                features == dimensions,
                "the encoder %s has %d or %d features, but the model takes %d",
                encoder.label(),
                last.channels(),
                dimensions,
                features);
        List<OnnxGraph.Whole> axis = List.of(new OnnxGraph.Whole("axis", 1));
        return graph.node("Concat", "features", axis, parts.toArray(String[]::new));
    }

    /** Pools plane by plane, with windows from 0 to ⌈n/2⌉ and from ⌊n/2⌋ to n. */
    private String windows(Planes planes) {
        int size = Math.ceilDiv(planes.side(), GRID);
        // In a plane of one pixel, all windows are this pixel.
        String source = planes.name();
        int step = planes.side() / GRID;
        if (step == 0) {
            String all = "%s_windows".formatted(planes.name());
            List<OnnxGraph.Whole> axis = List.of(new OnnxGraph.Whole("axis", 2));
            source = graph.node("Concat", all, axis, source, source, source, source);
            return graph.node("Flatten", all + "_flat", List.of(), source);
        }
        String pooled = graph.node(
                "AveragePool",
                "%s_windows".formatted(planes.name()),
                List.of(new OnnxGraph.Wholes("kernel_shape", size, size), new OnnxGraph.Wholes("strides", step, step)),
                source);
        return graph.node("Flatten", pooled + "_flat", List.of(), pooled);
    }

    private List<Planes> layers() throws DataFormatException {
        String size = encoder.metadata().getOrDefault("inputSize", "");
        require(SIZE.matcher(size).matches());
        int side = Integer.parseInt(size);
        String values = graph.images("input", 1, side);
        List<Planes> layers = new ArrayList<>();
        Matcher layer = LAYER.matcher(encoder.metadata().getOrDefault("layers", ""));
        while (layer.find()) {
            String name = "layers." + layers.size();
            List<Long> shape = encoder.shape(name + ".weight");
            require(shape != null && shape.size() == WEIGHT_DIMENSIONS);
            require(shape.subList(0, 1).equals(encoder.shape(name + ".bias")));
            int kernel = Integer.parseInt(layer.group(1));
            int stride = layer.group(2) == null ? 1 : Integer.parseInt(layer.group(2));
            int padding = kernel / 2;
            String sums = graph.node(
                    "Conv",
                    name + ".sums",
                    List.of(
                            new OnnxGraph.Wholes("kernel_shape", kernel, kernel),
                            new OnnxGraph.Wholes("strides", stride, stride),
                            new OnnxGraph.Wholes("pads", padding, padding, padding, padding)),
                    values,
                    graph.tensor(name + ".weight", shape, encoder.floats(name + ".weight")),
                    graph.tensor(name + ".bias", encoder.shape(name + ".bias"), encoder.floats(name + ".bias")));
            values = graph.node("Relu", name, List.of(), sums);
            side = (side + 2 * padding - kernel) / stride + 1;
            layers.add(new Planes(values, Math.toIntExact(shape.getFirst()), side));
        }
        require(!layers.isEmpty());
        return layers;
    }

    private void require(boolean holds) {
        InvalidInputException.require(holds, "%s holds a damaged encoder", encoder.label());
    }
}
