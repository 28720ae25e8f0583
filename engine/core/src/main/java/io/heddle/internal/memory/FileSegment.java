package io.heddle.internal.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Reads or maps a part of a file as a memory segment. */
public final class FileSegment {
    /** Maximum size in bytes of a part that is read; larger parts are mapped. */
    public static final long MAXIMUM_COPIED = 64L << 20;

    private FileSegment() {}

    /**
     * Reads a part of a file of up to {@link #MAXIMUM_COPIED} bytes, so that later changes of the file have no effect.
     * Maps a larger one, because it may exceed the memory of the machine. If a mapped file is shortened, an access
     * beyond its new end throws an {@link InternalError}; the JVM keeps running.
     *
     * @param file the file, whose position does not change
     * @param path names the file in errors
     * @param offset first byte, ≥ 0
     * @param bytes length, ≥ 0
     * @param arena closing it frees the memory
     * @return {@code bytes} bytes, not to be written to
     * @throws FileSystemException if the file ends before the last byte
     * @throws IOException if the file cannot be read
     */
    public static MemorySegment of(FileChannel file, Path path, long offset, long bytes, Arena arena)
            throws IOException {
        if (bytes > MAXIMUM_COPIED) {
            return file.map(FileChannel.MapMode.READ_ONLY, offset, bytes, arena);
        }
        MemorySegment copy = OffHeap.allocate(bytes, arena);
        ByteBuffer rest = copy.asByteBuffer();
        while (rest.hasRemaining()) {
            long at = offset + rest.position();
            if (file.read(rest, at) < 0) {
                throw new FileSystemException(
                        path.toString(),
                        null,
                        "the file was shortened while it was read: it had at least %d bytes, now it has %d"
                                .formatted(offset + bytes, at));
            }
        }
        return copy;
    }
}
