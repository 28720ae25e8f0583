package io.heddle.cli.catalogue;

import io.heddle.cnn.Encoder;
import io.heddle.cnn.Pooling;
import io.heddle.data.DataSource;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Computes features: those of an encoder for images, the unchanged columns for tables. */
public final class Features implements AutoCloseable {
    private final DataSource data;
    private final Optional<Encoder> encoder;
    private final Optional<FeatureCache> cache;
    private final Pooling pooling;
    private final Watcher watcher;

    private Features(
            DataSource data,
            Optional<Encoder> encoder,
            Optional<FeatureCache> cache,
            Pooling pooling,
            Watcher watcher) {
        this.data = data;
        this.cache = cache;
        this.pooling = pooling;
        this.encoder = encoder;
        this.watcher = watcher;
    }

    /** Opens the encoder, if there are images for it. */
    public static Features open(DataSource data, EncoderChoice choice, Watcher watcher) throws IOException {
        return open(data, choice, Pooling.MEAN, watcher);
    }

    /** As {@link #open}, with the pooling for linear classifiers. */
    public static Features openForClassifiers(DataSource data, EncoderChoice choice, Watcher watcher)
            throws IOException {
        Pooling pooling = data.images().isEmpty() || choice.none()
                ? Pooling.MEAN
                : choice.poolingFor(data.images().get());
        return open(data, choice, pooling, watcher);
    }

    private static Features open(DataSource data, EncoderChoice choice, Pooling pooling, Watcher watcher)
            throws IOException {
        if (data.images().isEmpty() || choice.none()) {
            return new Features(data, Optional.empty(), Optional.empty(), pooling, watcher);
        }
        watcher.started("Opening the encoder");
        Encoder.Options options = Encoder.Options.defaults()
                .withEngine(choice.engine())
                .withPrecision(choice.precision())
                .withPooling(pooling)
                .withLog(watcher::note);
        if (choice.inputSize().isPresent()) {
            options = options.withInputSize(choice.inputSize().getAsInt());
        }
        return new Features(
                data,
                Optional.of(Encoder.open(choice.nameFor(data.images().get()), options)),
                choice.cache(),
                pooling,
                watcher);
    }

    /** Returns whether the features are those of an encoder. */
    public boolean encoded() {
        return encoder.isPresent();
    }

    /** Returns a short description. */
    public String description() {
        return encoder.map(
                        e -> "%s, %s".formatted(e.name(), e.precision().name().toLowerCase(Locale.ROOT)))
                .orElse(data.images().isPresent() ? "pixels" : "columns");
    }

    /** Returns the features of all rows of the data, which the caller closes. */
    public FloatMatrix all() throws IOException {
        watcher.started(encoder.isPresent() ? "Image features" : "Reading");
        if (encoder.isEmpty()) {
            return copied(data.read());
        }
        FloatMatrix features =
                EncodedImages.of(data, encoder.get(), cache, pooling, p -> watcher.advanced(p.done(), p.total(), ""));
        cache.filter(c -> c.found() > 0)
                .ifPresent(
                        c -> watcher.note("features of %d of %d images are from the cache (%d of at most %d MB in %s; "
                                        .formatted(
                                                c.found(), c.rows(), c.size() >> 20, c.maximumBytes() >> 20, c.folder())
                                + "--no-cache computes all)"));
        return features;
    }

    /**
     * Returns the features of other rows of the same kind, which the caller closes.
     *
     * @param rows of {@link DataSource#read}
     */
    public FloatMatrix of(FloatMatrix rows) {
        return encoder.isPresent()
                ? EncodedImages.of(rows, data.images().orElseThrow(), encoder.get(), p -> {})
                : rows.copy();
    }

    /** A copy, because the memory may belong to the source. */
    private static FloatMatrix copied(FloatMatrix read) {
        if (read.ownsMemory()) {
            return read;
        }
        try (read) {
            return read.copy();
        }
    }

    @Override
    public void close() {
        encoder.ifPresent(Encoder::close);
    }
}
