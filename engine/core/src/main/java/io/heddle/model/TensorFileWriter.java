package io.heddle.model;

import io.heddle.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a safetensors file. */
final class TensorFileWriter {
    /** Alignment of the tensors in bytes: a cache line. */
    private static final int ALIGNMENT = 64;

    private TensorFileWriter() {}

    static void write(Path file, Map<String, String> metadata, List<Tensor> tensors) throws IOException {
        AtomicFile.write(file, channel -> write(channel, metadata, tensors));
    }

    private static void write(FileChannel channel, Map<String, String> metadata, List<Tensor> tensors)
            throws IOException {
        // Wide elements come first, so that every tensor is aligned to the size of its elements.
        List<Tensor> ordered =
                tensors.stream().sorted(Comparator.comparing(Tensor::type)).toList();
        Map<String, String> text = new LinkedHashMap<>(metadata);
        text.put(TensorFile.CHECKSUM, TensorFile.NO_CHECKSUM);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put(TensorFile.METADATA, text);
        long end = 0;
        for (Tensor tensor : ordered) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", tensor.type().name());
            entry.put("shape", tensor.shape());
            entry.put("data_offsets", List.of(end, end + tensor.bytes()));
            header.put(tensor.name(), entry);
            end += tensor.bytes();
        }
        StringBuilder json = new StringBuilder();
        HeaderJson.write(header, json);
        byte[] head = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (Long.BYTES + head.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer start = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(padded - Long.BYTES).put(head);
        while (start.hasRemaining()) {
            start.put((byte) ' ');
        }
        start.flip();
        MessageDigest digest = TensorFile.sha256();
        Tensor.Sink sink = bytes -> {
            digest.update(bytes.duplicate());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        };
        sink.take(start);
        for (Tensor tensor : ordered) {
            tensor.content().writeTo(sink);
        }
        ByteBuffer checksum = StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(digest.digest()));
        int at = TensorFile.checksumAt(head);
        while (checksum.hasRemaining()) {
            channel.write(checksum, Long.BYTES + (long) at + checksum.position());
        }
    }
}
