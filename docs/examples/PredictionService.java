import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * Answers {@code POST /predict} with the class of a row: the body is a row of bytes, 0 … 255, one per pixel. The JDK's
 * HTTP server, with a virtual thread per request.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp heddle-core.jar:fastutil-core.jar PredictionService.java MODEL 8080
 * curl --data-binary @image.bin http://localhost:8080/predict
 * </pre>
 */
public final class PredictionService implements AutoCloseable {
    private final SavedModel model;
    private final HttpServer server;

    /** @param port 0 for any free port */
    public PredictionService(Path file, int port) throws IOException {
        model = ModelFile.read(file);
        // Before the first request, which would otherwise wait for the compiler.
        model.pipeline().warmUp();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/predict", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** The address of the service. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            // One byte more than a row: detects a longer body without reading all of it.
            byte[] row = exchange.getRequestBody().readNBytes(model.pipeline().inputs() + 1);
            try {
                int label = model.pipeline().predictBytes(row);
                var names = model.provenance().classNames();
                send(exchange, 200, names.isEmpty() ? Integer.toString(label) : names.get(label));
            } catch (InvalidInputException e) {
                send(exchange, 400, e.getMessage());
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(1);
        model.close();
    }

    public static void main(String[] args) throws IOException {
        var service = new PredictionService(Path.of(args[0]), Integer.parseInt(args[1]));
        System.out.println("http://localhost:" + service.port() + "/predict");
    }
}
