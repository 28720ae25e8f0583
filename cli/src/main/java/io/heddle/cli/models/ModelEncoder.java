package io.heddle.cli.models;

import io.heddle.cli.catalogue.EncodedImages;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Engine;
import io.heddle.cnn.Pooling;
import io.heddle.cnn.Precision;
import io.heddle.data.DataSource;
import io.heddle.data.FileHash;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.Provenance.EncoderReference;
import io.heddle.model.SavedModel;
import io.heddle.model.TensorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The network whose features a model takes. One inside the model file is opened from there, for it is numbers alone. An
 * embedded one is opened by the name that the model file has; a file only if the user says so, for a TorchScript file
 * is code, and a model file shall not lead to any being run. Each must have the hash that the model file has.
 *
 * @param model what is asked for predictions
 * @param place its file
 * @param engine what computes the features
 */
public record ModelEncoder(SavedModel model, Path place, Engine engine) {
    /**
     * Opens the network, if these data need it.
     *
     * @param source images; rows that are no images are taken for features already
     * @param given the network as the user names it
     * @return empty if the rows are what the model takes
     * @throws InvalidInputException if the network is not the model's, or the model takes features of none
     */
    public Optional<Encoder> open(DataSource source, Optional<String> given, Consumer<String> log) throws IOException {
        if (!isBehindOne(model)) {
            InvalidInputException.require(
                    given.isEmpty() && engine == Engine.AUTO,
                    "%s takes rows as they are, not features of an encoder",
                    place);
            return Optional.empty();
        }
        if (given.isPresent()) {
            EncodedImages.requireImages(source);
        } else if (source.images().isEmpty()) {
            InvalidInputException.require(
                    source.columns() == model.featurePipeline().inputs(),
                    "%s takes %d features of the encoder %s, but %s has rows of %d values, which are neither features "
                            + "nor images; --image-size says what images they are",
                    place,
                    model.featurePipeline().inputs(),
                    name(),
                    source.name(),
                    source.columns());
            return Optional.empty();
        }
        Encoder encoder = given.isEmpty() && model.encoder().isPresent()
                ? inside(model.encoder().get(), log)
                : find(reference(), given, log);
        if (encoder.dimensions() != model.featurePipeline().inputs()) {
            int dimensions = encoder.dimensions();
            encoder.close();
            throw new InvalidInputException("%s takes %d values, but its encoder %s gives %d features"
                    .formatted(place, model.featurePipeline().inputs(), name(), dimensions));
        }
        return Optional.of(encoder);
    }

    /** Whether a model takes what an encoder gives. */
    public static boolean isBehindOne(SavedModel model) {
        return model.encoder().isPresent() || model.provenance().encoder().isPresent();
    }

    private String name() {
        return model.provenance().encoder().map(EncoderReference::name).orElse("inside");
    }

    private EncoderReference reference() {
        return model.provenance()
                .encoder()
                .orElseThrow(() -> new InvalidInputException(
                        "%s holds an encoder of its own: leave out --encoder".formatted(place)));
    }

    /** The one inside the model file, pooled as the model needs it. */
    private Encoder inside(TensorSet file, Consumer<String> log) throws IOException {
        Encoder.Options options = Encoder.Options.defaults().withEngine(engine).withLog(log);
        Encoder encoder = Encoder.of(file, options);
        if (encoder.dimensions() != model.featurePipeline().inputs()) {
            encoder.close();
            encoder = Encoder.of(file, options.withPooling(Pooling.GRID));
        }
        Optional<EncoderReference> named = model.provenance().encoder();
        return named.isPresent() ? checked(encoder, named.get()) : encoder;
    }

    private Encoder find(EncoderReference reference, Optional<String> given, Consumer<String> log) throws IOException {
        String name = given.orElse(reference.name());
        Encoder.Options options = Encoder.Options.defaults().withEngine(engine).withLog(log);
        if (!Encoder.embeddedNames().contains(name)) {
            InvalidInputException.require(
                    given.isPresent(),
                    "%s takes features of the encoder %s (SHA-256 %s), a file: give it with --encoder",
                    place,
                    name,
                    reference.sha256());
            Path file = Path.of(name);
            if (Files.isRegularFile(file)) {
                // Before it is opened, for opening it may run it.
                requireHash(name, FileHash.of(List.of(file)), reference);
            }
            return checked(Encoder.open(name, options), reference);
        }
        // By processor first; the model may have been made on one with another best precision.
        Encoder encoder = Encoder.open(name, options);
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            if (engine == Engine.JAVA || encoder.sha256().equals(reference.sha256())) {
                break;
            }
            encoder.close();
            encoder = Encoder.open(name, options.withPrecision(precision));
        }
        return checked(encoder, reference);
    }

    private Encoder checked(Encoder encoder, EncoderReference reference) {
        try {
            requireHash(encoder.name(), encoder.sha256(), reference);
            return encoder;
        } catch (InvalidInputException e) {
            encoder.close();
            throw e;
        }
    }

    private void requireHash(String name, String found, EncoderReference reference) {
        InvalidInputException.require(
                found.equals(reference.sha256()),
                "the encoder %s is not the one whose features %s takes: its SHA-256 is %s, not %s",
                name,
                place,
                found,
                reference.sha256());
    }
}
