package io.heddle.cli.catalogue;

import io.heddle.cli.data.DataSource;
import io.heddle.cli.data.ImageShape;
import io.heddle.cnn.Encoder;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Rows of numbers that say what items are like: what an encoder sees in images, the columns of a table as they are. */
public final class Features implements AutoCloseable {
    private static final long CHUNK_BYTES = 64L << 20;
    private static final int COLOURS = 3;
    // Luma of ITU-R BT.601: the encoders were made for gray.
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    private final DataSource data;
    private final Optional<Encoder> encoder;
    private final Watcher watcher;

    private Features(DataSource data, Optional<Encoder> encoder, Watcher watcher) {
        this.data = data;
        this.encoder = encoder;
        this.watcher = watcher;
    }

    /** Opens the encoder, if there are images for it. */
    public static Features open(DataSource data, EncoderChoice choice, Watcher watcher) throws IOException {
        if (data.images().isEmpty() || choice.none()) {
            return new Features(data, Optional.empty(), watcher);
        }
        watcher.started("Opening the encoder");
        Encoder.Options options =
                Encoder.Options.defaults().withPrecision(choice.precision()).withLog(watcher::note);
        if (choice.inputSize().isPresent()) {
            options = options.withInputSize(choice.inputSize().getAsInt());
        }
        return new Features(data, Optional.of(Encoder.open(choice.name(), options)), watcher);
    }

    /** Whether an encoder makes them. */
    public boolean encoded() {
        return encoder.isPresent();
    }

    /** What they are, in a few words. */
    public String description() {
        return encoder.map(
                        e -> "%s, %s".formatted(e.name(), e.precision().name().toLowerCase(Locale.ROOT)))
                .orElse(data.images().isPresent() ? "pixels" : "columns");
    }

    /** The features of all rows of the data, which the caller closes. */
    public FloatMatrix all() throws IOException {
        watcher.started(encoder.isPresent() ? "Image features" : "Reading");
        if (encoder.isEmpty()) {
            return copied(data.read());
        }
        long chunk = Math.max(1, CHUNK_BYTES / ((long) data.columns() * Float.BYTES));
        FloatMatrix all = FloatMatrix.allocate(data.rows(), encoder.get().dimensions());
        try {
            float[] row = new float[all.columns()];
            for (long from = 0; from < data.rows(); from += chunk) {
                long to = Math.min(data.rows(), from + chunk);
                long before = from;
                try (FloatMatrix images = data.read(from, to);
                        FloatMatrix features =
                                encode(images, done -> watcher.advanced(before + done, data.rows(), ""))) {
                    for (long i = 0; i < features.rows(); i++) {
                        features.getRow(i, row);
                        all.setRow(from + i, row);
                    }
                }
            }
            return all;
        } catch (IOException | RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    /**
     * The features of other rows of the same kind, which the caller closes.
     *
     * @param rows as {@link DataSource#read} gives them
     */
    public FloatMatrix of(FloatMatrix rows) {
        return encoder.isPresent() ? encode(rows, done -> {}) : rows.copy();
    }

    /** A matrix of its own: what a source reads may be memory of the source. */
    private static FloatMatrix copied(FloatMatrix read) {
        if (read.ownsMemory()) {
            return read;
        }
        try (read) {
            return read.copy();
        }
    }

    private interface Done {
        void images(long count);
    }

    private FloatMatrix encode(FloatMatrix images, Done done) {
        ImageShape shape = data.images().orElseThrow();
        if (shape.channels() == 1) {
            return encoder.orElseThrow().encode(images, shape.width(), shape.height(), p -> done.images(p.done()));
        }
        try (FloatMatrix gray = gray(images, shape)) {
            return encoder.orElseThrow().encode(gray, shape.width(), shape.height(), p -> done.images(p.done()));
        }
    }

    private static FloatMatrix gray(FloatMatrix images, ImageShape shape) {
        int pixels = shape.width() * shape.height();
        FloatMatrix gray = FloatMatrix.allocate(images.rows(), pixels);
        float[] from = new float[images.columns()];
        float[] to = new float[pixels];
        for (long i = 0; i < images.rows(); i++) {
            images.getRow(i, from);
            for (int p = 0; p < pixels; p++) {
                int at = p * shape.channels();
                to[p] = shape.channels() < COLOURS
                        ? from[at]
                        : Math.min(1, RED * from[at] + GREEN * from[at + 1] + BLUE * from[at + 2]);
            }
            gray.setRow(i, to);
        }
        return gray;
    }

    @Override
    public void close() {
        encoder.ifPresent(Encoder::close);
    }
}
