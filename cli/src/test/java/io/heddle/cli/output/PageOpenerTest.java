package io.heddle.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PageOpenerTest {
    @TempDir
    Path folder;

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theProgramGetsTheWholePath() throws IOException, InterruptedException {
        Path page = folder.resolve("index.html");

        assertThat(new PageOpener(List.of("touch")).open(page)).isEmpty();

        for (int i = 0; i < 500 && Files.notExists(page); i++) {
            Thread.sleep(10);
        }
        assertThat(page).exists();
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThat(new PageOpener(List.of("no-such-opener")).open(Path.of("out", "index.html")))
                .isEqualTo("cannot open the page: the program no-such-opener is missing; open "
                        + Path.of("out", "index.html") + " yourself");
    }
}
