package io.heddle.model;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Weights in separate files beside an ONNX file, as written by PyTorch's exporter. Only files in its folder or below
 * are read, so that an untrusted model cannot open other files.
 */
final class OnnxExternalData {
    private final Path folder;
    private final ProtobufReader reader;
    /** The bytes that were read of each file. This limits the tensors of a small file. */
    private final Map<Path, Long> used = new HashMap<>();

    /** @param file the ONNX file */
    OnnxExternalData(Path file, ProtobufReader reader) {
        folder = file.toAbsolutePath().normalize().getParent();
        this.reader = reader;
    }

    /** Reads one entry of a tensor's location. */
    static void entry(ProtobufReader message, Map<String, String> to) throws DataFormatException {
        String key = "";
        String value = "";
        while (message.next()) {
            if (message.field() == 1) {
                key = message.text();
            } else if (message.field() == 2) {
                value = message.text();
            }
        }
        to.put(key, value);
    }

    /**
     * {@return the bytes of a tensor}
     *
     * @param place {@code location}, and optionally {@code offset} and {@code length}
     * @param bytes size by its shape
     */
    ByteBuffer read(Map<String, String> place, double bytes) throws IOException {
        String location = place.getOrDefault("location", "");
        Path file = find(location);
        long size = Files.size(file);
        long offset = number(place, "offset", location, 0);
        long length = number(place, "length", location, (long) bytes);
        long sum = used.getOrDefault(file, 0L) + length;
        if (length != bytes || offset > size - length || sum > size) {
            throw reader.fault(
                    "keeps %d bytes of a tensor of %.0f in the file \"%s\" from byte %d on, which has %d bytes",
                    length, bytes, location, offset, size);
        }
        used.put(file, sum);
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(length));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (content.hasRemaining() && channel.read(content, offset + content.position()) >= 0) {
                // Reads until the buffer is full.
            }
        }
        if (content.hasRemaining()) {
            throw reader.fault("keeps weights in the file \"%s\", which was cut short meanwhile", location);
        }
        return content.flip();
    }

    private Path find(String location) throws IOException {
        try {
            Path file = folder.resolve(location).normalize();
            if (location.isEmpty() || !file.startsWith(folder) || file.equals(folder)) {
                throw reader.fault(
                        "keeps weights in the file \"%s\", which is not in its own folder; Heddle opens no other",
                        location);
            }
            if (!Files.isRegularFile(file)) {
                throw reader.fault("keeps weights in the file \"%s\", which is not there", location);
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw reader.fault(
                        "keeps weights in the file \"%s\", a link out of its own folder; Heddle opens no other",
                        location);
            }
            return file;
        } catch (InvalidPathException e) {
            throw reader.fault("keeps weights in the file \"%s\", which is not a file name", location);
        }
    }

    private long number(Map<String, String> place, String key, String location, long otherwise)
            throws DataFormatException {
        String text = place.get(key);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,10}")) {
            throw reader.fault("keeps weights in the file \"%s\" with the %s \"%s\", no number", location, key, text);
        }
        return Long.parseLong(text);
    }
}
