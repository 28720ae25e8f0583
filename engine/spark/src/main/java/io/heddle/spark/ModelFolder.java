package io.heddle.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * The folder of a model of Spark, with Spark's {@code metadata}, which has the parameters, and a model file of Heddle,
 * {@value #FILE}.
 */
final class ModelFolder {
    /** Name of the model file in the folder. */
    static final String FILE = "model.heddle";

    private ModelFolder() {}

    /** Writes a model file on this machine. */
    @FunctionalInterface
    interface FileWriter {
        void write(Path file) throws IOException;
    }

    /** Reads a model file on this machine. */
    @FunctionalInterface
    interface FileReader<M> {
        M read(String uid, Path file) throws IOException;
    }

    private static org.apache.hadoop.fs.Path file(String folder) {
        return new org.apache.hadoop.fs.Path(folder, FILE);
    }

    private static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
        // Hadoop's local file system writes a checksum beside a file.
        Files.deleteIfExists(folder.resolve("." + FILE + ".crc"));
        Files.deleteIfExists(folder);
    }

    static final class Writer extends MLWriter {
        private final Params model;
        private final FileWriter writer;

        Writer(Params model, FileWriter writer) {
            this.model = model;
            this.writer = writer;
        }

        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter$.MODULE$.saveMetadata(model, path, sparkSession(), Option.empty(), Option.empty());
            try {
                Path folder = Files.createTempDirectory("heddle");
                try {
                    writer.write(folder.resolve(FILE));
                    FileSystem system = file(path).getFileSystem(sc().hadoopConfiguration());
                    system.copyFromLocalFile(
                            new org.apache.hadoop.fs.Path(folder.resolve(FILE).toUri()), file(path));
                } finally {
                    delete(folder);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the model cannot be written to " + path, e);
            }
        }
    }

    static final class Reader<M extends Params> extends MLReader<M> {
        private final Class<M> type;
        private final FileReader<M> reader;

        Reader(Class<M> type, FileReader<M> reader) {
            this.type = type;
            this.reader = reader;
        }

        @Override
        public M load(String path) {
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader$.MODULE$.loadMetadata(path, sparkSession(), type.getName());
            try {
                Path folder = Files.createTempDirectory("heddle");
                try {
                    FileSystem system = file(path).getFileSystem(sc().hadoopConfiguration());
                    system.copyToLocalFile(
                            file(path),
                            new org.apache.hadoop.fs.Path(folder.resolve(FILE).toUri()));
                    M model = reader.read(metadata.uid(), folder.resolve(FILE));
                    metadata.getAndSetParams(model, Option.empty());
                    return model;
                } finally {
                    delete(folder);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the model cannot be read from " + path, e);
            }
        }
    }
}
