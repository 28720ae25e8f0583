package io.heddle.cli.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that damaged files of decisions are read or refused in one sentence. */
class DecisionsFuzzTest {
    private static final int INPUTS = Integer.getInteger("heddle.fuzz.inputs", 2000);
    private static final String SOUND = """
            index,file,decision,label,given,data
            0,cat/a.png,relabel,"dog, small",cat,0123abcd
            7,'=b.png,keep,,"a ""b"" c",0123abcd
            123456,"two
            lines",DROP,,,
            """;
    private static final String[] PIECES = {
        "\"", ",", "\n", "\r", "\0", ";", "\ufeff", "-1", "99999999999999999999", "drop", "'"
    };

    @TempDir
    Path folder;

    @Test
    void theSoundFileIsRead() throws IOException {
        Decisions read = Decisions.read(Files.writeString(folder.resolve("d.csv"), SOUND));

        assertThat(read.all()).hasSize(3);
        assertThat(read.dataHash()).contains("0123abcd");
        assertThat(read.all().getFirst())
                .isEqualTo(new Decision(2, 0, "cat/a.png", Decision.Kind.RELABEL, "dog, small", "cat"));
        assertThat(read.all().getLast().kind()).isEqualTo(Decision.Kind.DROP);
    }

    @Tag("slow")
    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        SplittableRandom random = new SplittableRandom(Long.getLong("heddle.fuzz.seed", 1));
        Path file = folder.resolve("d.csv");
        int read = 0;
        int refused = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] damaged = damaged(SOUND.getBytes(StandardCharsets.UTF_8), random);
            Files.write(file, damaged);
            try {
                Decisions decisions = Decisions.read(file);
                assertThat(decisions.all()).isNotEmpty().allSatisfy(d -> {
                    assertThat(d.index()).isNotNegative();
                    assertThat(d.label().isEmpty()).isEqualTo(d.kind() != Decision.Kind.RELABEL);
                });
                read++;
            } catch (DataFormatException e) {
                assertThat(e.getMessage()).contains("d.csv").doesNotContain("Exception");
                refused++;
            }
        }
        assertThat(read).isGreaterThan(INPUTS / 50);
        assertThat(refused).isGreaterThan(INPUTS / 10);
    }

    private static byte[] damaged(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound.clone();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    byte[] piece = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
                    byte[] longer = new byte[bytes.length + piece.length];
                    System.arraycopy(bytes, 0, longer, 0, at);
                    System.arraycopy(piece, 0, longer, at, piece.length);
                    System.arraycopy(bytes, at, longer, at + piece.length, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
