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
 * The encoder of a model. An encoder inside the model file is opened from there, because it contains only numbers. An
 * embedded encoder is opened by the name in the model file. A file is opened only if the user names it, because
 * TorchScript is code and a model file must not cause code to run. The hash must match the one in the model file.
 *
 * @param model the model
 * @param place file of the model
 * @param engine engine of the encoder
 */
public record ModelEncoder(SavedModel model, Path place, Engine engine) {
    /**
     * Opens the encoder, if these data need it.
     *
     * @param source images; rows that are not images must be features
     * @param given the encoder named by the user
     * @return the encoder; empty if the rows are inputs of the model
     * @throws InvalidInputException if the encoder is not that of the model, or the model has none
     */
    public Optional<Encoder> open(DataSource source, Optional<String> given, Consumer<String> log) throws IOException {
        if (!usesEncoder(model)) {
            InvalidInputException.require(
                    given.isEmpty() && engine == Engine.AUTO,
                    "%s takes unchanged rows, not features of an encoder",
                    place);
            return Optional.empty();
        }
        if (given.isPresent()) {
            EncodedImages.requireImages(source);
        } else if (source.images().isEmpty()) {
            InvalidInputException.require(
                    source.columns() == model.featurePipeline().inputs(),
                    "%s takes %d features of the encoder %s, but %s has rows of %d values, which are neither features "
                            + "nor images; set the size of images with --image-size",
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
            throw new InvalidInputException("%s takes %d values, but its encoder %s has %d features"
                    .formatted(place, model.featurePipeline().inputs(), name(), dimensions));
        }
        return Optional.of(encoder);
    }

    /** Returns whether the inputs of a model are features of an encoder. */
    public static boolean usesEncoder(SavedModel model) {
        return model.encoder().isPresent() || model.provenance().encoder().isPresent();
    }

    private String name() {
        return model.provenance().encoder().map(EncoderReference::name).orElse("inside");
    }

    private EncoderReference reference() {
        return model.provenance()
                .encoder()
                .orElseThrow(() ->
                        new InvalidInputException("%s contains its encoder: leave out --encoder".formatted(place)));
    }

    /** Opens the encoder inside the model file with the pooling of the model. */
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
                    "%s takes features of the encoder %s (SHA-256 %s), which is a file: set it with --encoder",
                    place,
                    name,
                    reference.sha256());
            Path file = Path.of(name);
            if (Files.isRegularFile(file)) {
                // Checked before it is opened, because opening may run its code.
                requireHash(name, FileHash.of(List.of(file)), reference);
            }
            return checked(Encoder.open(name, options), reference);
        }
        // First the precision for this processor, then the other one, because the model may have been trained on
        // another processor.
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
                "the encoder %s is not that of %s: its SHA-256 is %s, not %s",
                name,
                place,
                found,
                reference.sha256());
    }
}
