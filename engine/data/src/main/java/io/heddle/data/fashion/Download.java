package io.heddle.data.fashion;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Downloads files over HTTP with limits of size and time. */
final class Download implements AutoCloseable {
    private static final int OK = 200;

    private final HttpClient client;
    private final Duration limit;

    /**
     * @param connect timeout of a connection
     * @param limit timeout of a file
     */
    Download(Duration connect, Duration limit) {
        this.limit = limit;
        client = HttpClient.newBuilder()
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /**
     * Downloads an address to a file.
     *
     * @param maximumBytes size limit in bytes, above which the download stops
     * @throws IOException if the address cannot be downloaded within the limits
     * @throws InterruptedIOException if the thread is interrupted
     */
    void fetch(URI address, Path target, long maximumBytes) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        CompletableFuture<HttpResponse<Path>> response = client.sendAsync(
                request,
                head -> head.statusCode() == OK
                        ? BodyHandlers.limiting(BodyHandlers.ofFile(target), maximumBytes)
                                .apply(head)
                        : HttpResponse.BodySubscribers.replacing(target));
        try {
            int status = response.get(limit.toNanos(), TimeUnit.NANOSECONDS).statusCode();
            if (status != OK) {
                throw new IOException("%s answers with HTTP status %d".formatted(address, status));
            }
        } catch (ExecutionException e) {
            throw new IOException("%s: %s".formatted(address, reason(e.getCause())), e);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new IOException("%s takes longer than %d s".formatted(address, limit.toSeconds()), e);
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while fetching " + address);
        }
    }

    private static String reason(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UnresolvedAddressException) {
                return "unknown host";
            }
        }
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof ConnectException
                ? "no connection"
                : failure.getClass().getSimpleName();
    }

    /** Stops a running download. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
