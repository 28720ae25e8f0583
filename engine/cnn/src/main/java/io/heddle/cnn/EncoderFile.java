package io.heddle.cnn;

import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.TensorSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The source of an encoder: an embedded resource or a file of the user.
 *
 * @param name name of the embedded encoder or of the file
 * @param precision number format of the weights, or the one to convert them to if the file does not define it
 * @param engine the engine, never {@link Engine#AUTO}
 * @param sha256 checksum of the file
 * @param about metadata of the file
 */
record EncoderFile(
        String name,
        Precision precision,
        Engine engine,
        EncoderDescription description,
        String sha256,
        Map<String, String> about,
        Source source) {
    private static final Map<String, Map<Precision, String>> EMBEDDED = Map.of(
            "imagenet",
            Map.of(
                    Precision.FLOAT32, "efficientnet-lite0-96-f32",
                    Precision.BFLOAT16, "efficientnet-lite0-96-bf16"));

    private static final EmbeddedEncoder OWN = EmbeddedEncoder.FASHION;

    // Heddle networks are small; a larger file is of another kind.
    private static final long LARGEST_OWN = 1L << 30;

    // A description has few keys; a longer file is of another kind.
    private static final long LONGEST_DESCRIPTION = 64 * 1024;

    /** Loads the network. */
    @FunctionalInterface
    interface Source {
        EncoderNetwork load(Pooling pooling) throws IOException;
    }

    static List<String> embeddedNames() {
        return Stream.concat(Stream.of(OWN.label()), EMBEDDED.keySet().stream())
                .sorted()
                .toList();
    }

    /**
     * @throws InvalidInputException if the file does not have the requested precision
     * @throws DataFormatException if there is neither an embedded encoder nor a file of that name, or if its
     *     description is invalid
     * @throws IOException if the file cannot be read
     */
    static EncoderFile find(String nameOrFile, Precision asked, Engine engine) throws IOException {
        if (nameOrFile.equals(OWN.label())) {
            return own(OWN.label(), "the embedded encoder \"%s\"".formatted(OWN.label()), OWN.file(), asked, engine);
        }
        Map<Precision, String> embedded = EMBEDDED.get(nameOrFile);
        if (embedded != null) {
            requirePyTorch(engine, "the embedded encoder \"%s\"".formatted(nameOrFile));
            return embedded(nameOrFile, embedded, asked);
        }
        return ofUser(nameOrFile, asked, engine);
    }

    /**
     * Returns a Heddle encoder in memory.
     *
     * @throws InvalidInputException if the engine does not support the precision
     * @throws DataFormatException if the tensors are not those of an encoder
     */
    static EncoderFile of(TensorSet file, Precision asked, Engine engine) throws IOException {
        return own(file.label(), file.label(), file.file(), asked, engine);
    }

    private static void requirePyTorch(Engine engine, String label) {
        InvalidInputException.require(
                engine != Engine.JAVA, "%s is TorchScript, which only PyTorch runs: leave out the engine java", label);
    }

    private static EncoderFile embedded(String name, Map<Precision, String> stems, Precision asked) throws IOException {
        Precision precision = asked == Precision.AUTO ? Precision.best() : asked;
        String resource = "encoders/" + stems.get(precision);
        EncoderDescription description =
                DescriptionJson.parse(new String(read(resource + ".json"), StandardCharsets.UTF_8), resource + ".json");
        return new EncoderFile(
                name,
                precision,
                Engine.PYTORCH,
                description,
                description.sha256().orElseThrow(),
                Map.of(),
                pooling -> {
                    String label = "the embedded encoder \"%s\"".formatted(name);
                    requireMean(pooling, label);
                    byte[] bytes = read(resource + ".pt");
                    verify(label, description, newSha256().digest(bytes));
                    return TorchModule.load(new ByteArrayInputStream(bytes), label);
                });
    }

    private static byte[] read(String resource) throws IOException {
        try (InputStream in = EncoderFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("this build of Heddle lacks its resource %s".formatted(resource));
            }
            return in.readAllBytes();
        }
    }

    private static EncoderFile ofUser(String nameOrFile, Precision asked, Engine engine) throws IOException {
        Path file = pathOf(nameOrFile);
        if (isOwn(file)) {
            return own(file.toString(), file.toString(), Files.readAllBytes(file), asked, engine);
        }
        requirePyTorch(engine, file.toString());
        EncoderDescription description = describe(file);
        Precision precision = description.precision().orElse(Precision.FLOAT32);
        InvalidInputException.require(
                asked == Precision.AUTO || asked == precision,
                "%2$s has the precision %3$s, not %1$s: the precision of a file is fixed",
                asked,
                file,
                precision);
        String label = file.toString();
        byte[] digest = digest(file);
        return new EncoderFile(
                label, precision, Engine.PYTORCH, description, HexFormat.of().formatHex(digest), Map.of(), pooling -> {
                    requireMean(pooling, label);
                    if (description.sha256().isPresent()) {
                        verify(label, description, digest);
                    }
                    return TorchModule.load(file, label);
                });
    }

    private static void requireMean(Pooling pooling, String label) {
        InvalidInputException.require(
                pooling == Pooling.MEAN,
                "%s cannot be pooled over a grid, because it is TorchScript; only Heddle encoders support a grid",
                label);
    }

    private static boolean isOwn(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(NamedTensors.START_BYTES);
        }
        if (!NamedTensors.looksLike(start)) {
            return false;
        }
        if (Files.size(file) > LARGEST_OWN) {
            throw new DataFormatException("%s has %d bytes, more than the limit of %d for an encoder"
                    .formatted(file, Files.size(file), LARGEST_OWN));
        }
        return true;
    }

    /** Reads an encoder that {@link EncoderTraining} has written, for use in either precision. */
    private static EncoderFile own(String name, String label, byte[] bytes, Precision asked, Engine engine)
            throws IOException {
        InvalidInputException.require(
                engine != Engine.JAVA || asked != Precision.BFLOAT16,
                "the engine java computes in float32: leave out the precision bfloat16, or use the engine pytorch");
        boolean java = engine == Engine.JAVA || engine == Engine.AUTO && asked != Precision.BFLOAT16;
        Map<String, String> metadata = TensorSet.parse(bytes, label).metadata();
        if (OwnFormat.isImported(metadata)) {
            InvalidInputException.require(
                    java,
                    "%s is an imported network, which only the engine java runs: leave out the engine pytorch and the "
                            + "precision bfloat16",
                    label);
        } else {
            // Checks for a file of another kind before the other metadata.
            OwnFormat.layers(metadata, label);
        }
        EncoderDescription description = new EncoderDescription(
                Optional.of(name),
                OptionalInt.of(OwnFormat.inputSize(metadata, label)),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
        String sha256 = HexFormat.of().formatHex(newSha256().digest(bytes));
        if (java) {
            return new EncoderFile(
                    name,
                    Precision.FLOAT32,
                    Engine.JAVA,
                    description,
                    sha256,
                    metadata,
                    pooling -> JavaNetwork.load(bytes, pooling, label));
        }
        Precision precision = asked == Precision.AUTO ? Precision.best() : asked;
        return new EncoderFile(
                name,
                precision,
                Engine.PYTORCH,
                description,
                sha256,
                metadata,
                pooling -> ConvolutionNetwork.load(NamedTensors.parse(bytes, label), precision, pooling, label));
    }

    private static Path pathOf(String nameOrFile) throws DataFormatException {
        try {
            Path file = Path.of(nameOrFile);
            if (!nameOrFile.isEmpty() && Files.exists(file)) {
                if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                    throw new DataFormatException("the encoder %s is not a readable file".formatted(nameOrFile));
                }
                return file;
            }
        } catch (InvalidPathException e) {
            // Not a valid path: reported below like a file that does not exist.
        }
        throw new DataFormatException("there is no encoder \"%s\": neither a file nor an embedded one (%s)"
                .formatted(nameOrFile, String.join(", ", embeddedNames())));
    }

    private static EncoderDescription describe(Path file) throws IOException {
        Path json = descriptionOf(file);
        if (!Files.isRegularFile(json)) {
            return EncoderDescription.unknown();
        }
        long bytes = Files.size(json);
        if (bytes > LONGEST_DESCRIPTION) {
            throw new DataFormatException("%s has %d bytes, more than the limit of %d for a description"
                    .formatted(json, bytes, LONGEST_DESCRIPTION));
        }
        return DescriptionJson.parse(new String(Files.readAllBytes(json), StandardCharsets.UTF_8), json.toString());
    }

    /** Returns the path of {@code model.json} next to {@code model.pt}. */
    static Path descriptionOf(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
    }

    private static byte[] digest(Path file) throws IOException {
        MessageDigest sha256 = newSha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return sha256.digest();
    }

    private static void verify(String label, EncoderDescription description, byte[] digest) throws IOException {
        String found = HexFormat.of().formatHex(digest);
        String expected = description.sha256().orElseThrow();
        if (!found.equals(expected)) {
            throw new DataFormatException(
                    "%s has the SHA-256 %s, not %s as its description states".formatted(label, found, expected));
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
