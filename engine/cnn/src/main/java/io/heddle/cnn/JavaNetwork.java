package io.heddle.cnn;

import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;

/** A Heddle network or an imported one, run by Heddle's convolutions. */
final class JavaNetwork implements EncoderNetwork {
    private final ImageEncoder encoder;

    private JavaNetwork(ImageEncoder encoder) {
        this.encoder = encoder;
    }

    static JavaNetwork load(byte[] file, Pooling pooling, String label) throws DataFormatException {
        FeaturePooling features = pooling == Pooling.GRID ? FeaturePooling.GRID : FeaturePooling.MEAN;
        ImageEncoder encoder = ImageEncoder.parse(file, label, features);
        if (encoder.channels() != 1 && encoder.channels() != ImageResizer.COLOURS) {
            int channels = encoder.channels();
            encoder.close();
            throw new DataFormatException("the encoder %s takes images of %d channels, not gray ones or such in colour"
                    .formatted(label, channels));
        }
        return new JavaNetwork(encoder);
    }

    @Override
    public int channels() {
        return encoder.channels();
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
        encoder.encode(batch, 0, ImageResizer.bytesFor(size, encoder.channels()), count, target, first);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
