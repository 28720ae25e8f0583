package io.heddle.encoder;

import io.heddle.files.DataFormatException;
import io.heddle.reliability.CloseRace;
import io.heddle.reliability.CloseRace.Kind;
import io.heddle.reliability.CloseRace.Subject;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests {@code close()} of an encoder that other threads use. */
@Timeout(300)
@Tag("slow")
class ClosedEncoderTest {
    private static final int SIDE = 12;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyThreadGetsTheRightFeaturesOrTheDocumentedException(Kind kind) throws Exception {
        byte[] file = EncoderFiles.random("8@3/2 17@3 12@1", SIDE, 4);
        CloseRace.run(kind, 60, () -> {
            ImageEncoder encoder = parsed(file);
            return new Subject() {
                @Override
                public Object ask(int question) {
                    float[] features = new float[encoder.dimensions()];
                    encoder.encode(EncoderFiles.image(SIDE, question), features);
                    return Arrays.toString(features);
                }

                @Override
                public void close() {
                    encoder.close();
                }
            };
        });
    }

    private static ImageEncoder parsed(byte[] file) {
        try {
            return ImageEncoder.parse(file, "random", FeaturePooling.MEAN);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
    }
}
