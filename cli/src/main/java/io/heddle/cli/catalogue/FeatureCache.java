package io.heddle.cli.catalogue;

import io.heddle.Heddle;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Pooling;
import io.heddle.data.ContentHash;
import io.heddle.files.AtomicFile;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A cache on disk of the features that encoders have computed for blocks of images.
 *
 * <p>The key of a block is the SHA-256 of everything that its features depend on: the input pixels of the encoder, the
 * encoder and its settings. Data sets with the same images share features, and no entry can be stale. Files are written
 * atomically, so several processes can use one folder. If the total size exceeds the maximum, the least recently used
 * files are deleted. Damaged files and failed writes are ignored.
 */
public final class FeatureCache {
    private static final String ENDING = ".features";
    /** Changes with the format and with every change of an encoder's features. */
    private static final int FORMAT = 1;

    private static final int HEADER = 4 * Integer.BYTES;
    private static final int MAGIC = 0x48464541;

    private final Path folder;
    private final long maximumBytes;
    private long found;
    private long rows;

    /**
     * @param folder folder of the files, created by the first write
     * @param maximumBytes maximum total size of the files in bytes
     */
    public FeatureCache(Path folder, long maximumBytes) {
        this.folder = folder;
        this.maximumBytes = maximumBytes;
    }

    /** Returns the folder of the files. */
    public Path folder() {
        return folder;
    }

    /** Returns the maximum total size of the files in bytes. */
    public long maximumBytes() {
        return maximumBytes;
    }

    /** Returns the number of rows whose features were in the cache. */
    public long found() {
        return found;
    }

    /** Returns the number of requested rows. */
    public long rows() {
        return rows;
    }

    /**
     * Returns the key of a block.
     *
     * @param images input of the encoder
     */
    String key(FloatMatrix images, int width, int height, int channels, Encoder encoder, Pooling pooling) {
        ContentHash hash = new ContentHash();
        String settings = "%d %s %s %s %s %d %d %d %s %d %d %d %d"
                .formatted(
                        FORMAT,
                        encoder.sha256(),
                        encoder.engine(),
                        encoder.precision(),
                        pooling,
                        encoder.dimensions(),
                        encoder.inputSize(),
                        encoder.batchSize(),
                        System.getProperty("os.arch"),
                        Heddle.vectorLanes(),
                        width,
                        height,
                        channels);
        hash.add(ByteBuffer.wrap(settings.getBytes(StandardCharsets.UTF_8)));
        hash.add(images);
        return hash.hex();
    }

    /**
     * Reads the features of a block.
     *
     * @param target matrix of the shape of the features
     * @return whether the features were read; otherwise the content of the target is undefined
     */
    boolean read(String key, FloatMatrix target) {
        rows += target.rows();
        Path file = folder.resolve(key + ENDING);
        long bytes = HEADER + target.rows() * target.columns() * Float.BYTES;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != bytes) {
                return false;
            }
            ByteBuffer header = buffer(HEADER);
            fill(channel, header);
            boolean same =
                    header.getInt() == MAGIC && header.getInt() == target.rows() && header.getInt() == target.columns();
            int sum = header.getInt();
            CRC32C crc = new CRC32C();
            ByteBuffer row = buffer(target.columns() * Float.BYTES);
            float[] values = new float[target.columns()];
            for (long i = 0; same && i < target.rows(); i++) {
                fill(channel, row.clear());
                crc.update(row);
                row.flip().asFloatBuffer().get(values);
                target.setRow(i, values);
            }
            if (!same || (int) crc.getValue() != sum) {
                return false;
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
            found += target.rows();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void fill(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("cut short");
            }
        }
        buffer.flip();
    }

    /** Writes the features of a block; failures are ignored. */
    void write(String key, FloatMatrix features) {
        long bytes = HEADER + features.rows() * features.columns() * Float.BYTES;
        if (bytes > maximumBytes) {
            return;
        }
        try {
            Files.createDirectories(folder);
            shrinkTo(maximumBytes - bytes);
            ByteBuffer row = buffer(features.columns() * Float.BYTES);
            CRC32C crc = new CRC32C();
            each(features, row, () -> crc.update(row));
            AtomicFile.write(folder.resolve(key + ENDING), channel -> {
                ByteBuffer header = buffer(HEADER);
                header.putInt(MAGIC)
                        .putInt((int) features.rows())
                        .putInt(features.columns())
                        .putInt((int) crc.getValue());
                channel.write(header.flip());
                try {
                    each(features, row, () -> writeAll(channel, row));
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            });
        } catch (IOException | RuntimeException e) {
            // The caller has the features. The next run computes them again.
        }
    }

    private static void each(FloatMatrix features, ByteBuffer row, Runnable action) {
        float[] values = new float[features.columns()];
        for (long i = 0; i < features.rows(); i++) {
            features.getRow(i, values);
            row.clear();
            row.asFloatBuffer().put(values);
            action.run();
        }
    }

    private static void writeAll(WritableByteChannel channel, ByteBuffer row) {
        try {
            while (row.hasRemaining()) {
                channel.write(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Entry(Path file, long bytes, FileTime used) {}

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return entries;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(ENDING)).toList()) {
                try {
                    entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
                } catch (IOException e) {
                    // Another process has deleted it.
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::used));
        return entries;
    }

    /** Returns the total size of the files in bytes. */
    public long size() {
        try {
            return entries().stream().mapToLong(Entry::bytes).sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private void shrinkTo(long most) throws IOException {
        List<Entry> entries = entries();
        long sum = entries.stream().mapToLong(Entry::bytes).sum();
        for (Entry entry : entries) {
            if (sum <= most) {
                return;
            }
            Files.deleteIfExists(entry.file());
            sum -= entry.bytes();
        }
    }
}
