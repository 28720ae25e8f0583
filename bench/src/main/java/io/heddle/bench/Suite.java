package io.heddle.bench;

import io.heddle.bench.kernels.OpenBlas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The suites of {@code bench/run}. */
enum Suite {
    /** The kernels of the engine, each compared with its scalar twin. */
    KERNELS {
        @Override
        List<Part> parts(boolean quick) {
            List<Part> parts = new ArrayList<>();
            Map<String, List<String>> fewer = quick ? Map.of("n", List.of("784", "65536")) : Map.of();
            addBothForms(parts, "VectorBenchmark", fewer, quick);
            addBothForms(parts, "SoftmaxBenchmark", quick ? Map.of("classes", List.of("10")) : Map.of(), quick);
            addBothForms(parts, "TileBenchmark", Map.of(), quick);
            List<String> shapes = List.of("1024x1024x1024", "60000x784x10", "784Tx60000x10");
            Map<String, List<String>> vectors =
                    with(quick ? Map.of("shape", shapes) : Map.of(), Map.of("form", List.of("VECTOR")));
            parts.add(new Part("GemmBenchmark.multiply", AT_ONCE, vectors));
            if (OpenBlas.kernel().isPresent()) {
                parts.add(new Part("GemmBenchmark.openBlas", NATIVE, vectors));
            }
            parts.add(new Part(
                    "GemmBenchmark.multiply",
                    List.of(),
                    Map.of("form", List.of("SCALAR"), "threads", List.of("1"), "shape", List.of("512x512x512"))));
            return parts;
        }
    },

    /** Encoding of images by the embedded networks. */
    ENCODER {
        @Override
        List<Part> parts(boolean quick) {
            return List.of(
                    new Part("ImageEncoderBenchmark", VECTORS, Map.of()),
                    new Part("[.]EncoderBenchmark", VECTORS, quick ? Map.of("batch", List.of("24", "32")) : Map.of()));
        }
    },

    /** Fits, compared with Smile. */
    TRAINING {
        @Override
        List<Part> parts(boolean quick) {
            String fashion = quick ? "fashion-mnist:4000" : "fashion-mnist";
            List<String> shapes =
                    quick ? List.of("4000x64x10") : List.of("1000x2048x2", "10000x256x10", "1000000x64x2");
            List<String> all =
                    Stream.concat(Stream.of(fashion), shapes.stream()).toList();
            List<String> clusters = quick ? List.of("10") : List.of("10", "100");
            Map<String, List<String>> images = Map.of("data", List.of(fashion), "clusters", clusters);
            Map<String, List<String>> points = Map.of(
                    "data",
                    List.of(quick ? "20000x16x10" : "100000x16x100"),
                    "clusters",
                    List.of(quick ? "10" : "100"));
            Map<String, List<String>> many = Map.of(
                    "data",
                    List.of(quick ? "20000x16x100" : "1000000x16x1000"),
                    "clusters",
                    List.of(quick ? "100" : "1000"));
            List<Part> parts = new ArrayList<>();
            for (String side : List.of("heddle", "smile")) {
                parts.add(new Part("LogisticBenchmark." + side, VECTORS, Map.of("data", all)));
                parts.add(new Part("ElasticNetBenchmark." + side, VECTORS, Map.of("data", all)));
                parts.add(new Part("PathBenchmark." + side, VECTORS, Map.of("data", List.of(fashion))));
                parts.add(new Part("PcaBenchmark." + side, NATIVE, Map.of("data", all)));
                parts.add(new Part("LloydBenchmark." + side, VECTORS, images));
                // With few columns, Smile's tree may be faster.
                Map<String, List<String>> ways = Map.of("way", List.of("ROWS", "TREE"));
                parts.add(new Part(
                        "LloydBenchmark." + side, VECTORS, side.equals("smile") ? with(points, ways) : points));
                parts.add(new Part("MiniBatchBenchmark." + side, VECTORS, images));
                parts.add(new Part("MiniBatchBenchmark." + side, VECTORS, many));
            }
            return parts;
        }

        @Override
        Map<String, String> missing() {
            Map<String, String> missing = new HashMap<>();
            missing.put("ElasticNetBenchmark", "L2 only");
            missing.put("PathBenchmark", "L2 only, no path");
            missing.put("MiniBatchBenchmark", "no mini-batches");
            if (SmileLibraries.openBlasKernel().isEmpty()) {
                missing.put("PcaBenchmark", "no OpenBLAS");
            }
            return missing;
        }

        @Override
        Timing timing(boolean quick) {
            return quick ? new Timing(3, 2_000, 5, 200, "2g") : new Timing(3, 5_000, 4, 1_000, "4g");
        }
    },

    /** Predictions, compared with Smile, from the same weights and centres. */
    PREDICTION {
        @Override
        List<Part> parts(boolean quick) {
            Map<String, List<String>> images = Map.of("data", List.of("fashion-mnist:10000"));
            List<Part> parts = new ArrayList<>();
            for (String side : List.of("heddle", "smile")) {
                for (String rows : List.of("Row", "Batch")) {
                    parts.add(new Part("LogisticPredictionBenchmark." + side + rows, VECTORS, images));
                    parts.add(new Part("KMeansPredictionBenchmark." + side + rows, VECTORS, images));
                }
            }
            return parts;
        }

        @Override
        Timing timing(boolean quick) {
            return quick ? new Timing(3, 300, 5, 200, "1g") : new Timing(5, 500, 5, 500, "1g");
        }
    },

    /** The distribution of latencies of single rows, compared with Smile. */
    LATENCY {
        @Override
        List<Part> parts(boolean quick) {
            List<Part> parts = new ArrayList<>();
            for (String benchmark : List.of("LatencyBenchmark", "SaturatedLatencyBenchmark")) {
                parts.add(new Part(benchmark, VECTORS, Map.of()));
            }
            return parts;
        }

        @Override
        Timing timing(boolean quick) {
            return quick ? new Timing(3, 500, 3, 500, "1g") : new Timing(5, 1_000, 5, 2_000, "1g");
        }
    };

    /**
     * Compiled in the foreground. Otherwise, on a busy machine, a short warm-up ends before the code is compiled, and
     * vectors are measured as objects.
     */
    private static final List<String> AT_ONCE = List.of("--add-modules", "jdk.incubator.vector", "-Xbatch");

    private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");
    private static final List<String> NATIVE = List.of("--add-modules", "jdk.incubator.vector");

    /**
     * Benchmarks to run with one set of parameters.
     *
     * @param benchmark simple name of the class, optionally with a method
     * @param jvm arguments of its JVMs
     * @param parameters values that replace those of the class
     */
    record Part(String benchmark, List<String> jvm, Map<String, List<String>> parameters) {}

    /**
     * The default durations of a measurement.
     *
     * @param warmups number of warm-up iterations per fork
     * @param warmupMillis duration of each
     * @param measurements number of measured iterations per fork
     * @param measurementMillis duration of each
     * @param heap heap of each fork
     */
    record Timing(int warmups, int warmupMillis, int measurements, int measurementMillis, String heap) {}

    abstract List<Part> parts(boolean quick);

    Timing timing(boolean quick) {
        return quick ? new Timing(3, 200, 5, 200, "1g") : new Timing(5, 500, 5, 500, "1g");
    }

    /** Reasons for missing results of Smile, by simple class name. */
    Map<String, String> missing() {
        return Map.of();
    }

    final boolean besideSmile() {
        return this == TRAINING || this == PREDICTION;
    }

    /** The scalar twin is the reference and is measured only without pollution. */
    private static void addBothForms(
            List<Part> parts, String benchmark, Map<String, List<String>> parameters, boolean quick) {
        Map<String, List<String>> vector = quick
                ? Map.of("form", List.of("VECTOR"), "pollution", List.of("NONE"))
                : Map.of("form", List.of("VECTOR"));
        Map<String, List<String>> scalar = Map.of("form", List.of("SCALAR"), "pollution", List.of("NONE"));
        parts.add(new Part(benchmark, AT_ONCE, with(parameters, vector)));
        parts.add(new Part(benchmark, AT_ONCE, with(parameters, scalar)));
    }

    private static Map<String, List<String>> with(Map<String, List<String>> some, Map<String, List<String>> more) {
        Map<String, List<String>> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }
}
