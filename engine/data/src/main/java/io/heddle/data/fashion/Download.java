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

/** Fetches files over HTTP within limits of size and time. */
final class Download implements AutoCloseable {
    private static final int OK = 200;

    private final HttpClient client;
    private final Duration limit;

    /**
     * @param connect how long a connection may take to be made
     * @param limit how long a file may take in all
     */
    Download(Duration connect, Duration limit) {
        this.limit = limit;
        client = HttpClient.newBuilder()
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /**
     * Writes what an address serves to a file.
     *
     * @param mostBytes beyond which the transfer is broken off
     * @throws IOException if the address does not serve it within the limits
     * @throws InterruptedIOException if the thread is interrupted meanwhile
     */
    void fetch(URI address, Path target, long mostBytes) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        CompletableFuture<HttpResponse<Path>> response = client.sendAsync(
                request,
                head -> head.statusCode() == OK
                        ? BodyHandlers.limiting(BodyHandlers.ofFile(target), mostBytes)
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
                return "no such host is known";
            }
        }
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof ConnectException
                ? "no connection"
                : failure.getClass().getSimpleName();
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
