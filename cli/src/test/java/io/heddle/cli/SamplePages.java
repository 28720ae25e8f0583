package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** One page of each kind, written by the commands. */
final class SamplePages {
    static final int PHOTOS = 150;
    static final int FLIPPED_EVERY = 15;

    private SamplePages() {}

    /** Writes drawn images as PNG files, one folder per class. */
    static Path photos(Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < PHOTOS; i++) {
            int c = i % DrawnImages.CLASSES;
            Path file = folder.resolve("kind " + c).resolve("%03d.png".formatted(i));
            Files.createDirectories(file.getParent());
            BufferedImage image = new BufferedImage(DrawnImages.SIDE, DrawnImages.SIDE, BufferedImage.TYPE_BYTE_GRAY);
            byte[] pixels = DrawnImages.draw(c, random);
            image.getRaster().setDataElements(0, 0, DrawnImages.SIDE, DrawnImages.SIDE, pixels);
            ImageIO.write(image, "png", file.toFile());
        }
        return folder;
    }

    /** The true labels of the photos in the order of the rows. Every fifteenth is that of the next class. */
    static Path wrongLabels(Path file) throws IOException {
        List<String> labels = new ArrayList<>();
        int perClass = PHOTOS / DrawnImages.CLASSES;
        for (int row = 0; row < PHOTOS; row++) {
            int truth = row / perClass;
            labels.add("kind " + (row % FLIPPED_EVERY == 7 ? (truth + 1) % DrawnImages.CLASSES : truth));
        }
        return Files.write(file, labels);
    }

    static Path study(Path folder) throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        DrawnImages.write(images, 200, 100);
        return made(folder.resolve("study"), "run", "--data", images, "--seeds", 3, "--threads", 2);
    }

    static Path group(Path photos, Path out) {
        return made(out, "group", photos, "--encoder", "none", "--max-clusters", 12);
    }

    static Path similar(Path photos, Path out) {
        return made(out, "similar", photos, "--encoder", "none", "--all", "--top", 8);
    }

    static Path audit(Path photos, Path labels, Path out) {
        return made(out, "audit", photos, "--encoder", "none", "--labels", labels);
    }

    private static Path made(Path out, Object... command) {
        List<Object> words = new ArrayList<>(List.of(command));
        words.add("--out");
        words.add(out);
        Invocation heddle = Invocation.of(words.toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return out.resolve("index.html");
    }
}
