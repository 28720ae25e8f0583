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
 * A file that a command writes, whole or not at all (see {@link AtomicFile}), by the {@linkplain OutputRule rule} for
 * all commands; or standard output, by the name {@code -}.
 *
 * <p>Opening it proves that it can be written, before hours of work are put into what would go there.
 */
public final class OutputFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path target;
    // Null for standard output.
    private final AtomicFile file;
    private final boolean replaces;

    /** What writes the content. */
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

    /** Writes the content and puts the file in its place, in one step, over an older one. */
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
        sayReplaced();
    }

    private void sayReplaced() {
        OutputRule.current().replaced(replaces ? List.of(target) : List.of());
    }

    private static void writeToStandardOutput(Content content) throws IOException {
        // Bytes as they are: the stream's own encoding is for text that is printed.
        PrintStream standard = System.out;
        OutputStream out = new BufferedOutputStream(standard, BUFFER);
        content.writeTo(new Open(out));
        out.flush();
        if (standard.checkError()) {
            throw new IOException("cannot write to standard output: the reader has closed it");
        }
    }

    /** A stream that who writes may close, but that stays open. */
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

    /** What writes a file of its own. */
    @FunctionalInterface
    public interface Producer {
        void write(Path file) throws IOException;
    }

    /** Has the file written by somebody who writes whole files, as the engine does with models. */
    public void produce(Producer producer) throws IOException {
        producer.write(target);
        sayReplaced();
    }

    /** The path that was asked for. */
    Path path() {
        return target;
    }

    /** Clears away what is not finished. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
