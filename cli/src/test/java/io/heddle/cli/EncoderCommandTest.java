package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains a small encoder by the command, shows it, and tests invalid requests. */
class EncoderCommandTest {
    private static final int SIDE = 12;
    private static final int IMAGES = 48;

    @TempDir
    private Path folder;

    /** Stripes of several widths. Each line has the pixels of an image, from 0 to 1. */
    private Path table() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < IMAGES; i++) {
            for (int p = 0; p < SIDE * SIDE; p++) {
                int stripe = (p % SIDE + i) / (1 + i % 5) % 2;
                lines.append(p == 0 ? "" : ",").append(stripe == 0 ? "0.1" : "0.9");
            }
            lines.append('\n');
        }
        return Files.writeString(folder.resolve("stripes.csv"), lines);
    }

    private Invocation train(Path out, Object... more) throws IOException {
        return invoke(out, "none", "1", "12x12", more);
    }

    private Invocation invoke(Path out, Object teacher, String contrast, String size, Object... more)
            throws IOException {
        Object[] args = {
            "encoder",
            "train",
            table(),
            "--image-size",
            size,
            "--teacher",
            teacher,
            "--contrast",
            contrast,
            "--layers",
            "8@3/2 12@3",
            "--epochs",
            "2",
            "--batch",
            "16",
            "--out",
            out
        };
        Object[] all = new Object[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Invocation.of(all);
    }

    @Tag("slow")
    @Test
    void trainsAndShows() throws IOException {
        Path out = folder.resolve("stripes.safetensors");
        Invocation training = train(out);
        assertThat(training.err())
                .contains("epoch 1 of 2")
                .contains("epoch 2 of 2")
                .contains("images/s")
                .contains("Done in");
        assertThat(training.code()).isZero();
        Invocation shown = Invocation.of("encoder", "show", out);
        assertThat(shown.code()).isZero();
        assertThat(shown.out().lines())
                .contains(
                        "takes              12 x 12 pixels", "gives              12 features", "epochs             2");
    }

    @Test
    void refusesInvalidRequestsInOneSentence() throws IOException {
        Path out = folder.resolve("stripes.safetensors");
        fails(train(out, "--resume"), "there is no checkpoint " + out + ".checkpoint to continue from");
        fails(invoke(out, "none", "0", "12x12"), "a training needs a teacher or a contrastive loss");
        fails(invoke(out, "none", "1", "24x6"), "an encoder is trained on square images, not on 24 x 6 pixels");
        fails(
                invoke(out, folder.resolve("no.pt"), "1", "12x12"),
                "there is no encoder \"%s\"".formatted(folder.resolve("no.pt")));
        Path wrong = Files.write(folder.resolve("wrong.pt"), "not a network".getBytes(StandardCharsets.UTF_8));
        fails(invoke(out, wrong, "1", "12x12", "--resume"), "there is no checkpoint");
        fails(Invocation.of("encoder", "show", wrong), "the image size of the encoder " + wrong + " is not known");
        fails(Invocation.of("encoder"), "a command is missing, for example: heddle encoder show imagenet");
        assertThat(out).doesNotExist();
    }

    private static void fails(Invocation invocation, String sentence) {
        assertThat(invocation.errorLines().getLast()).startsWith("heddle: ").contains(sentence);
        assertThat(invocation.code()).isEqualTo(2);
    }
}
