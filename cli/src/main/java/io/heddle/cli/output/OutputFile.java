package io.heddle.cli.output;

import io.heddle.files.AtomicFile;
import io.heddle.matrix.InvalidInputException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;

/**
 * An output file of a command, written atomically (see {@link AtomicFile}) and by the {@linkplain OutputRule rule} of
 * all commands. The name {@code -} is standard output.
 *
 * <p>Opening it checks that it is writable, before long work begins.
 */
public final class OutputFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path target;
    // Null for standard output.
    private final AtomicFile file;
    private final boolean replaces;

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private OutputFile(Path target, AtomicFile file, boolean replaces) {
        this.target = target;
        this.file = file;
        this.replaces = replaces;
    }

    /**
     * Opens a file for writing.
     *
     * @throws InvalidInputException if it is an input, must not be replaced, is a folder, or cannot be written
     */
    public static OutputFile open(Path target) {
        OutputRule rule = OutputRule.current();
        if (rule.toStandardOutput(target)) {
            return new OutputFile(target, null, false);
        }
        try {
            AtomicFile file = AtomicFile.open(target);
            try {
                return new OutputFile(target, file, rule.admit(target));
            } catch (RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new InvalidInputException(e.getMessage());
        }
    }

    /** Writes the content and publishes the file atomically, replacing an older one. */
    public void write(Content content) throws IOException {
        if (file == null) {
            writeToStandardOutput(content);
            return;
        }
        file.write(channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            content.writeTo(new Open(out));
            out.flush();
        });
        file.commit();
        reportReplaced();
    }

    private void reportReplaced() {
        OutputRule.current().replaced(replaces ? List.of(target) : List.of());
    }

    private static void writeToStandardOutput(Content content) throws IOException {
        // Writes bytes directly, because the stream's encoding is for printed text.
        PrintStream standard = System.out;
        OutputStream out = new BufferedOutputStream(standard, BUFFER);
        content.writeTo(new Open(out));
        out.flush();
        if (standard.checkError()) {
            throw new IOException("cannot write to standard output: the reader has closed it");
        }
    }

    /** A stream that ignores {@code close()}. */
    private static final class Open extends FilterOutputStream {
        Open(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    /** Writes a file at a path. */
    @FunctionalInterface
    public interface Producer {
        void write(Path file) throws IOException;
    }

    /** Publishes a file that is written at a path, as the engine does with models. */
    public void produce(Producer producer) throws IOException {
        producer.write(target);
        reportReplaced();
    }

    /** Returns the requested path. */
    Path path() {
        return target;
    }

    /** Deletes an unfinished file. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
