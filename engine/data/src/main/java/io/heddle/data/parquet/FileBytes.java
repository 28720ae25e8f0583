package io.heddle.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads the bytes of a file. The file is not mapped, so that a file that shrinks while it is read causes an error and
 * not a crash.
 */
final class FileBytes implements AutoCloseable {
    /** Size of the magic bytes at both ends of a file. */
    static final int MAGIC = 4;

    private final FileChannel channel;
    private final long size;
    private long dataEnd;

    FileBytes(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.READ);
        size = channel.size();
        dataEnd = size;
    }

    long size() {
        return size;
    }

    /** Returns the end of the pages and start of the footer. */
    long dataEnd() {
        return dataEnd;
    }

    void endsDataAt(long place) {
        dataEnd = place;
    }

    void read(long at, byte[] to, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(to, 0, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new ParquetFault("it is cut short: bytes %d to %d are missing", at, at + length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
