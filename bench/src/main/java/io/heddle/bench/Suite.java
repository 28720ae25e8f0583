package io.heddle.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code bench/run} knows by name. */
enum Suite {
    /** The kernels of the engine, each beside its scalar twin. */
    KERNELS {
        @Override
        List<Part> parts(boolean quick) {
            List<Part> parts = new ArrayList<>();
            Map<String, List<String>> fewer = quick ? Map.of("n", List.of("784", "65536")) : Map.of();
            addBothForms(parts, "VectorBenchmark", fewer, quick);
            addBothForms(parts, "SoftmaxBenchmark", quick ? Map.of("classes", List.of("10")) : Map.of(), quick);
            addBothForms(parts, "TileBenchmark", quick ? Map.of("columns", List.of("48")) : Map.of(), quick);
            List<String> shapes = List.of("1024x1024x1024", "60000x784x10", "784Tx60000x10");
            parts.add(new Part(
                    "GemmBenchmark",
                    VECTORS,
                    with(quick ? Map.of("shape", shapes) : Map.of(), Map.of("form", List.of("VECTOR")))));
            parts.add(new Part(
                    "GemmBenchmark",
                    List.of(),
                    Map.of("form", List.of("SCALAR"), "threads", List.of("1"), "shape", List.of("512x512x512"))));
            return parts;
        }
    },

    /** Images through the embedded network, resizing included. */
    ENCODER {
        @Override
        List<Part> parts(boolean quick) {
            return List.of(new Part(
                    "EncoderBenchmark",
                    List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
                    quick ? Map.of("batch", List.of("24", "32")) : Map.of()));
        }
    };

    private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

    /**
     * Benchmarks to run with one set of parameters.
     *
     * @param benchmark simple name of the class
     * @param jvm arguments for its JVMs
     * @param parameters values in place of those that the class names
     */
    record Part(String benchmark, List<String> jvm, Map<String, List<String>> parameters) {}

    abstract List<Part> parts(boolean quick);

    /** The scalar twin is measured unpolluted only: it stands beside the vectors as a yardstick. */
    private static void addBothForms(
            List<Part> parts, String benchmark, Map<String, List<String>> parameters, boolean quick) {
        Map<String, List<String>> vector = quick
                ? Map.of("form", List.of("VECTOR"), "pollution", List.of("NONE"))
                : Map.of("form", List.of("VECTOR"));
        Map<String, List<String>> scalar = Map.of("form", List.of("SCALAR"), "pollution", List.of("NONE"));
        parts.add(new Part(benchmark, VECTORS, with(parameters, vector)));
        parts.add(new Part(benchmark, VECTORS, with(parameters, scalar)));
    }

    private static Map<String, List<String>> with(Map<String, List<String>> some, Map<String, List<String>> more) {
        Map<String, List<String>> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }
}
