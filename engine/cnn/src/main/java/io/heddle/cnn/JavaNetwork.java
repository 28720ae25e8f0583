package io.heddle.cnn;

import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;

/** A Heddle network, run by Heddle's convolutions. */
final class JavaNetwork implements EncoderNetwork {
    private final ImageEncoder encoder;

    private JavaNetwork(ImageEncoder encoder) {
        this.encoder = encoder;
    }

    static JavaNetwork load(byte[] file, Pooling pooling, String label) throws DataFormatException {
        FeaturePooling features = pooling == Pooling.GRID ? FeaturePooling.GRID : FeaturePooling.MEAN;
        return new JavaNetwork(ImageEncoder.parse(file, label, features));
    }

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public int dimensions(int images, int size) {
        return encoder.dimensions();
    }

    @Override
    public int meanDimensions(int dimensions) {
        return encoder.meanDimensions();
    }

    @Override
    public int blockSize() {
        return encoder.blockSize();
    }

    @Override
    public void encode(MemorySegment batch, int images, int size, FloatMatrix target, long first, int count) {
        encoder.encode(batch, 0, ImageResizer.bytesFor(size, 1), count, target, first);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
