package io.heddle.data.fashion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.heddle.data.array.IdxBytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final Duration GENEROUS = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Path fetch(URI address, long maximumBytes, Duration limit) throws IOException {
        Path target = folder.resolve("target");
        try (Download download = new Download(GENEROUS, limit)) {
            download.fetch(address, target, maximumBytes);
        }
        return target;
    }

    @Test
    void fetchesThroughARedirect() throws IOException {
        byte[] content = IdxBytes.pattern(300_000);
        try (FileServer server = new FileServer(path -> FileServer.ok(content));
                FileServer redirecting = new FileServer(
                        path -> FileServer.redirect(server.address().resolve("moved")))) {
            assertThat(fetch(redirecting.address().resolve("here"), content.length, GENEROUS))
                    .hasBinaryContent(content);
            assertThat(redirecting.asked()).containsExactly("/here");
            assertThat(server.asked()).containsExactly("/moved");
        }
    }

    @Test
    void stopsAtTheMaximumSize() throws IOException {
        byte[] content = IdxBytes.pattern(300_000);
        for (byte[] response : new byte[][] {FileServer.ok(content), FileServer.endless(content)}) {
            try (FileServer server = new FileServer(path -> response)) {
                assertThatIOException()
                        .isThrownBy(() -> fetch(server.address(), content.length - 1, GENEROUS))
                        .withMessageContaining(server.address().toString());
                assertThat(Files.size(folder.resolve("target"))).isLessThan(content.length);
            }
        }
    }

    @Test
    void refusesAnyOtherStatus() throws IOException {
        try (FileServer server = new FileServer(path -> FileServer.status(404))) {
            assertThatIOException()
                    .isThrownBy(() -> fetch(server.address(), 10, GENEROUS))
                    .withMessage(server.address() + " answers with HTTP status 404");
        }
    }

    @Test
    void stopsAfterTheTimeLimit() throws IOException {
        try (FileServer server = new FileServer(path -> null)) {
            assertThatIOException()
                    .isThrownBy(() -> fetch(server.address(), 10, Duration.ofMillis(300)))
                    .withMessage(server.address() + " takes longer than 0 s");
        }
    }

    @Test
    void namesAnAddressWithoutAServer() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        URI address = URI.create("http://127.0.0.1:%d/".formatted(port));
        assertThatIOException().isThrownBy(() -> fetch(address, 10, GENEROUS)).withMessage(address + ": no connection");
        URI unknown = URI.create("http://no-such-host.invalid/");
        assertThatIOException().isThrownBy(() -> fetch(unknown, 10, GENEROUS)).withMessageStartingWith(unknown + ": ");
    }

    @Test
    void canBeInterrupted() throws IOException {
        try (FileServer server = new FileServer(path -> null)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> fetch(server.address(), 10, GENEROUS));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
