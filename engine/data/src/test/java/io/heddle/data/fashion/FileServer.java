package io.heddle.data.fashion;

import io.heddle.data.array.IdxBytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An HTTP server on the loopback interface that answers each path as a test specifies, and records the paths. */
final class FileServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Function<String, byte[]> responses;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** @param responses the whole response to a path, with status line and header; null for no response */
    FileServer(Function<String, byte[]> responses) throws IOException {
        this.responses = responses;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    static byte[] ok(byte[] body) {
        return respond("200 OK\r\nContent-Length: " + body.length, body);
    }

    /** A response without a length, which ends with the connection. */
    static byte[] endless(byte[] body) {
        return respond("200 OK", body);
    }

    static byte[] redirect(URI target) {
        return respond("302 Found\r\nContent-Length: 0\r\nLocation: " + target, new byte[0]);
    }

    static byte[] status(int code) {
        return respond(code + " Status\r\nContent-Length: 0", new byte[0]);
    }

    private static byte[] respond(String head, byte[] body) {
        String whole = "HTTP/1.1 " + head + "\r\nConnection: close\r\n\r\n";
        return IdxBytes.join(whole.getBytes(StandardCharsets.US_ASCII), body);
    }

    URI address() {
        return URI.create("http://%s:%d/".formatted(socket.getInetAddress().getHostAddress(), socket.getLocalPort()));
    }

    /** The requested paths, in order. */
    List<String> asked() {
        return asked;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (SocketException e) {
            // Closed: the test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.readLine();
            if (request == null) {
                return;
            }
            String path = request.split(" ")[1];
            while (!in.readLine().isEmpty()) {}
            asked.add(path);
            byte[] response = responses.apply(path);
            if (response == null) {
                in.read();
                return;
            }
            OutputStream out = client.getOutputStream();
            out.write(response);
            out.flush();
        } catch (IOException e) {
            // The client has closed the connection, as some tests require.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
