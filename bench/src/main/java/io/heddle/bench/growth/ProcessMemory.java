package io.heddle.bench.growth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the maximum memory of this process, from Linux: anonymous pages, and pages of mapped files, which the system
 * can reclaim at any time.
 */
public final class ProcessMemory implements AutoCloseable {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long EVERY_NANOS = 20_000_000;

    private final Thread watcher = Thread.ofPlatform().daemon().name("memory").unstarted(this::watch);
    private volatile boolean closed;
    private volatile long own;
    private volatile long files;

    /** Starts the measurement. */
    static ProcessMemory watching() {
        ProcessMemory memory = new ProcessMemory();
        memory.look();
        memory.watcher.start();
        return memory;
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    private synchronized void look() {
        own = Math.max(own, bytes("RssAnon:"));
        files = Math.max(files, bytes("RssFile:"));
    }

    private static long bytes(String key) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("%s has no %s".formatted(STATUS, key));
    }

    /** Returns the maximum anonymous memory in bytes: heap, matrices, code, stacks. */
    long own() {
        look();
        return own;
    }

    /** Returns the maximum memory of mapped files in bytes. */
    long files() {
        look();
        return files;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watcher);
    }
}
