package io.heddle.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {
    private final InputStream before = System.in;

    @TempDir
    Path folder;

    @AfterEach
    void restore() {
        System.clearProperty(Terminal.STDIN_PROPERTY);
        System.setIn(before);
    }

    @Test
    void theLauncherPassesThePathOfStandardInput() throws IOException {
        Path file = Files.writeString(folder.resolve("rows"), "1,2");
        System.setProperty(Terminal.STDIN_PROPERTY, file.toString());
        Terminal.adoptStandardError();
        try (InputStream in = System.in) {
            assertThat(in.readAllBytes()).asString().isEqualTo("1,2");
        }
    }

    @Test
    void standardInputThatCannotBeOpenedIsNotEmpty() {
        Path missing = folder.resolve("missing");
        System.setProperty(Terminal.STDIN_PROPERTY, missing.toString());
        Terminal.adoptStandardError();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> System.in.readAllBytes())
                .withMessageContaining("missing");
    }
}
