package io.heddle.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file, read and not mapped: a file that shrinks while it is read is a fault and not a crash. */
final class FileBytes implements AutoCloseable {
    /** Bytes of the mark at both ends of a file. */
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

    /** Where the pages end and the footer begins. */
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
                throw new ParquetFault("it is cut short: bytes %d to %d are wanted", at, at + length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
