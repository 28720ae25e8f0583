package io.heddle.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    private static final String HOSTILE = "\u001b[31m\u202e\u009bü\ud83d\ude00";
    private static final String PLAIN = "\\u001b[31m\\u202e\\u009bü\ud83d\ude00";

    @Test
    void everyWayOfPrintingEscapes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = PlainText.stream(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        StringWriter text = new StringWriter();
        PrintWriter writer = PlainText.writer(new PrintWriter(text));
        stream.println(HOSTILE);
        writer.println(HOSTILE);
        stream.printf("%s%n", HOSTILE);
        writer.printf("%s%n", HOSTILE);
        stream.println((Object) HOSTILE);
        writer.println((Object) HOSTILE);
        stream.append(HOSTILE).println();
        writer.append(HOSTILE).println();
        stream.println(HOSTILE.toCharArray());
        writer.println(HOSTILE.toCharArray());
        String expected = (PLAIN + System.lineSeparator()).repeat(5);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        writer.flush();
        assertThat(text).hasToString(expected);
    }

    @Test
    void bytesAreNotChanged() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = PlainText.stream(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        stream.writeBytes("\r\u001b[2m".getBytes(StandardCharsets.US_ASCII));
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[2m");
    }

    @Test
    void linesKeepTheirEnds() {
        assertThat(PlainText.ofLines("a\r\nb\rc\n\n")).isEqualTo("a\r\nb\\u000dc\n\n");
        assertThat(PlainText.of("a\nb")).isEqualTo("a\\u000ab");
    }
}
