package io.heddle.data.fuzz;

import io.heddle.cluster.KMeans;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.decomposition.Pca;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Every kind of file that Heddle reads, with small valid examples. */
final class FuzzTargets {
    private static final String RESOURCES = "io/heddle/data";
    private static final long LARGEST_SEED = 16_000;

    private FuzzTargets() {}

    /** @param scratch a folder for temporary files */
    static List<FuzzTarget> all(Path scratch) throws Exception {
        List<FuzzTarget> targets = new ArrayList<>();
        byte[] idx = idx();
        targets.add(new FuzzTarget("IDX", "x-images", List.of(idx), FuzzTargets::data));
        targets.add(new FuzzTarget("IDX.gz", "x-images.gz", List.of(gzip(idx)), FuzzTargets::data));
        targets.add(new FuzzTarget(
                "NPY", "x.npy", List.of(npy("<f4", 4), npy("|u1", 1), npy(">i8", 8)), FuzzTargets::data));
        targets.add(new FuzzTarget(
                "NPZ",
                "x.npz",
                List.of(npz(), resource("array/plain.npz"), resource("array/packed.npz")),
                FuzzTargets::data));
        targets.add(new FuzzTarget("CSV", "x.csv", csv(), FuzzTargets::data));
        targets.add(new FuzzTarget("Parquet", "x.parquet", resources("parquet", ".parquet"), FuzzTargets::data));
        for (String ending : List.of(".png", ".jpg", ".gif", ".bmp", ".tif", ".webp")) {
            targets.add(new FuzzTarget(
                    "photo " + ending,
                    "photo" + ending,
                    resources("photo/photos", ending),
                    file -> data(file.getParent())));
        }
        targets.addAll(models(scratch));
        return targets;
    }

    private static List<FuzzTarget> models(Path scratch) throws Exception {
        Path file = scratch.resolve("seed");
        List<byte[]> models = new ArrayList<>();
        List<byte[]> graphs = new ArrayList<>();
        List<byte[]> networks = new ArrayList<>();
        Random random = new Random(1);
        float[] values = new float[30 * 4];
        int[] labels = new int[30];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
            labels[i / 4] = i / 4 % 3;
        }
        Provenance provenance = Provenance.now().withSeed(7).withClassNames(List.of("a", "b", "c"));
        try (FloatMatrix x = FloatMatrix.copyOf(values, 30, 4);
                LogisticModel logistic = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults());
                var pca = Pca.fit(x, Pca.Options.defaults().withComponents(2));
                var clusters = KMeans.fit(x, KMeans.Options.defaults().withClusters(3))) {
            ModelFile.write(file, logistic, provenance);
            models.add(Files.readAllBytes(file));
            ModelFile.write(file, pca, provenance);
            models.add(Files.readAllBytes(file));
            ModelFile.write(file, clusters, provenance);
            models.add(Files.readAllBytes(file));
            OnnxFile.write(file, logistic, Map.of("class_names", "a,b,c"));
            graphs.add(Files.readAllBytes(file));
            networks.add(network(file, labels));
        }
        return List.of(
                new FuzzTarget("model, checksum broken", "x.heddle", models, FuzzTargets::model),
                // Most changes break the checksum, so the code after it is only tested with a corrected one.
                new FuzzTarget("model, checksum mended", "x.heddle", models, path -> {
                    Files.write(path, sealed(Files.readAllBytes(path)));
                    model(path);
                }),
                new FuzzTarget("encoder", "x.safetensors", List.of(encoder(), graph()), path -> ImageEncoder.open(
                                path, FeaturePooling.MEAN)
                        .close()),
                new FuzzTarget(
                        "ONNX", "x.onnx", graphs, path -> OnnxFile.read(path).close()),
                new FuzzTarget("ONNX network", "x.onnx", networks, path -> {
                    try (SavedModel read = OnnxFile.read(path)) {
                        ImageEncoder.of(read.encoder().orElseThrow(), FeaturePooling.MEAN)
                                .close();
                    }
                }));
    }

    /** Convolutions followed by a classifier. */
    private static byte[] network(Path file, int[] labels) throws IOException {
        try (ImageEncoder encoder = ImageEncoder.parse(graph(), "seed", FeaturePooling.MEAN);
                FloatMatrix images = FloatMatrix.allocate(labels.length, 64)) {
            for (int i = 0; i < labels.length; i++) {
                images.set(i, labels[i], 1f);
            }
            try (FloatMatrix features = encoder.encode(images);
                    LogisticModel classifier =
                            LogisticRegression.fit(features, labels, LogisticRegression.Options.defaults());
                    Pipeline pipeline = Pipeline.of(Stage.of(classifier))) {
                OnnxFile.write(file, pipeline, encoder.file(), Map.of());
            }
            return Files.readAllBytes(file);
        }
    }

    private static void data(Path file) throws Exception {
        try (DataSource source = DataSource.open(file.toString(), DataOptions.defaults(), line -> {})) {
            if (source.table().isEmpty()) {
                source.matrix().close();
            }
        }
    }

    private static void model(Path file) throws IOException {
        ModelFile.read(file).close();
    }

    private static byte[] idx() {
        ByteBuffer file = ByteBuffer.allocate(16 + 5 * 4 * 3);
        file.putInt(0x803).putInt(5).putInt(4).putInt(3);
        return file.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] npy(String type, int bytes) {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': (6, 4), }".formatted(type);
        byte[] start = ("\u0093NUMPY\1\0\166\0" + header + " ".repeat(117 - header.length()) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(start, start.length + 24 * bytes);
    }

    private static byte[] npz() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(npy("<f8", 8));
            zip.closeEntry();
        }
        return out.toByteArray();
    }

    private static List<byte[]> csv() {
        return Stream.of(
                        "a,b,kind\n1.5,2,x\n-3e4,0.25,y\n,7,\"x, y\"\n",
                        "1;2,5;3\n4;5,5;6\n7;8;9\n",
                        "time\tvalue\n2024-01-31\t1\n2024-02-29\t2\n# end\n",
                        "\uFEFF\"na\"\"me\",n\r\n\"two\r\nlines\",1\r\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] encoder() {
        String header =
                "{\"__metadata__\":{\"format\":\"heddle-encoder-1\",\"layers\":\"2@3/2 3@1\",\"inputSize\":\"8\"},"
                        + "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,1,3,3],\"data_offsets\":[0,72]},"
                        + "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[72,80]},"
                        + "\"layers.1.weight\":{\"dtype\":\"F32\",\"shape\":[3,2,1,1],\"data_offsets\":[80,104]},"
                        + "\"layers.1.bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[104,116]}}";
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + 116)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    /** A residual and a pooling. */
    private static byte[] graph() {
        String layers = "conv 0 2@3/2 1,1,1,1 relu; conv 1 2@1/1; add 1 2 relu; max 3 2/2; mean 4 2/1";
        String header = ("{\"__metadata__\":{\"format\":\"heddle-encoder-2\",\"layers\":\"%s\","
                        + "\"inputChannels\":\"1\",\"inputSize\":\"8\"},"
                        + "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,1,3,3],\"data_offsets\":[0,72]},"
                        + "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[72,80]},"
                        + "\"layers.1.weight\":{\"dtype\":\"F32\",\"shape\":[2,2,1,1],\"data_offsets\":[80,96]},"
                        + "\"layers.1.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[96,104]}}")
                .formatted(layers);
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length + 104).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (int i = 0; file.hasRemaining(); i++) {
            file.putFloat((i % 7 - 3) / 4f);
        }
        return file.array();
    }

    /** A model file with the checksum of its contents, if there is a place for it. */
    private static byte[] sealed(byte[] file) throws NoSuchAlgorithmException {
        String before = "\"sha256\":\"";
        int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(before) + before.length();
        if (at < before.length() || at + 64 > file.length) {
            return file;
        }
        Arrays.fill(file, at, at + 64, (byte) '0');
        String digits =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, file, at, 64);
        return file;
    }

    private static byte[] resource(String name) throws Exception {
        return Files.readAllBytes(folder().resolve(name));
    }

    private static List<byte[]> resources(String folder, String ending) throws Exception {
        try (Stream<Path> files = Files.list(folder().resolve(folder))) {
            List<byte[]> all = new ArrayList<>();
            for (Path file :
                    files.filter(f -> f.toString().endsWith(ending)).sorted().toList()) {
                if (Files.size(file) <= LARGEST_SEED) {
                    all.add(Files.readAllBytes(file));
                }
            }
            return all;
        }
    }

    private static Path folder() throws URISyntaxException {
        return Path.of(FuzzTargets.class
                        .getClassLoader()
                        .getResource(RESOURCES + "/array/plain.npz")
                        .toURI())
                .getParent()
                .getParent();
    }
}
