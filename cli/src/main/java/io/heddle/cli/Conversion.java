package io.heddle.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.heddle.cli.data.ClassNames;
import io.heddle.cli.data.DataSource;
import io.heddle.cli.data.EncodedImages;
import io.heddle.cli.data.ImageShape;
import io.heddle.cli.data.Labels;
import io.heddle.data.Dtype;
import io.heddle.data.NpyWriter;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Data on their way into another format, a block of rows at a time. */
final class Conversion {
    private static final long BLOCK_FLOATS = 4L << 20;

    private final DataSource source;
    private final long rows;
    private final boolean plain;
    private final Activity activity;

    /** What data can be written as. */
    enum Format {
        NPY,
        NPZ,
        CSV,
        TSV,
        PHOTOS;

        /** @throws InvalidInputException if the ending names none */
        static Format of(Path out) {
            Path last = out.getFileName();
            String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
            int dot = name.lastIndexOf('.');
            if (dot <= 0) {
                return PHOTOS;
            }
            return switch (name.substring(dot)) {
                case ".npy" -> NPY;
                case ".npz" -> NPZ;
                case ".csv" -> CSV;
                case ".tsv" -> TSV;
                default ->
                    throw new InvalidInputException(
                            "%s does not say what to write: it ends in .npy, .npz, .csv, .tsv or, for a folder of photos, in nothing"
                                    .formatted(out));
            };
        }
    }

    /** @param plain whether values are as they are stored, not scaled */
    Conversion(DataSource source, long rows, boolean plain, Activity activity) {
        this.source = source;
        this.rows = rows;
        this.plain = plain;
        this.activity = activity;
    }

    void write(Path out, Format format) throws IOException {
        if (format == Format.PHOTOS) {
            try (OutputFolder folder = OutputFolder.open(out)) {
                photos(folder.part());
                folder.publish();
            }
            return;
        }
        try (OutputFile file = OutputFile.open(out)) {
            file.write(stream -> {
                switch (format) {
                    case NPY -> npy(stream);
                    case NPZ -> npz(stream);
                    case CSV -> csv(stream, ',');
                    case TSV -> csv(stream, '\t');
                    case PHOTOS -> throw new AssertionError(format);
                }
            });
        }
    }

    /** What is done with a block of rows that begins at a place. */
    @FunctionalInterface
    private interface Block {
        void accept(FloatMatrix block, long first) throws IOException;
    }

    private void blocks(Block action) throws IOException {
        long step = Math.max(1, BLOCK_FLOATS / source.columns());
        for (long from = 0; from < rows; from += step) {
            activity.advanced(from, rows, "");
            try (FloatMatrix block = source.read(from, Math.min(rows, from + step))) {
                action.accept(block, from);
            }
        }
    }

    private boolean bytes() {
        return plain && source.dtype().equals(Dtype.UINT8.toString());
    }

    private void npy(OutputStream out) throws IOException {
        long[] shape = source.images()
                .map(s -> s.channels() == 1
                        ? new long[] {rows, s.height(), s.width()}
                        : new long[] {rows, s.height(), s.width(), s.channels()})
                .orElse(new long[] {rows, source.columns()});
        NpyWriter.header(bytes() ? Dtype.UINT8 : Dtype.FLOAT32, shape, out);
        blocks((block, first) -> {
            if (bytes()) {
                NpyWriter.byteRows(block, out);
            } else {
                NpyWriter.rows(block, out);
            }
        });
    }

    private void npz(OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            npy(zip);
            zip.closeEntry();
            if (source.labels().isPresent()) {
                zip.putNextEntry(new ZipEntry("y.npy"));
                int[] numbers = numbers(source.labels().get());
                NpyWriter.write(Arrays.copyOf(numbers, (int) rows), zip);
                zip.closeEntry();
                List<String> names = source.labels().get().classNames();
                if (!numbered(names)) {
                    zip.putNextEntry(new ZipEntry(ClassNames.ENTRY));
                    zip.write(ClassNames.bytes(names));
                    zip.closeEntry();
                }
            }
        }
    }

    /** The numbers that classes are called by, or their places where their names are words. */
    private static int[] numbers(Labels labels) {
        boolean numbered = numbered(labels.classNames());
        return Arrays.stream(labels.values())
                .map(c -> numbered ? Integer.parseInt(labels.classNames().get(c)) : c)
                .toArray();
    }

    private static boolean numbered(List<String> names) {
        return names.stream().allMatch(n -> n.matches("-?\\d{1,9}"));
    }

    private void csv(OutputStream out, char separator) throws IOException {
        // The writer is flushed but not closed: the stream belongs to who opened it.
        OutputStream kept = new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
        Optional<Labels> labels = source.labels();
        boolean bytes = bytes();
        try (Writer writer = new OutputStreamWriter(kept, StandardCharsets.UTF_8);
                CsvWriter csv = CsvWriter.builder()
                        .fieldSeparator(separator)
                        .lineDelimiter(LineDelimiter.LF)
                        .build(writer)) {
            List<String> names = new ArrayList<>(source.columnNames());
            for (int j = names.size(); j < source.columns(); j++) {
                names.add("x" + (j + 1));
            }
            labels.ifPresent(l -> names.add("label"));
            csv.writeRecord(names);
            float[] row = new float[source.columns()];
            String[] fields = new String[names.size()];
            blocks((block, first) -> {
                for (long i = 0; i < block.rows(); i++) {
                    block.getRow(i, row);
                    for (int j = 0; j < row.length; j++) {
                        fields[j] = bytes || row[j] == (int) row[j]
                                ? Integer.toString((int) row[j])
                                : Float.toString(row[j]);
                    }
                    if (labels.isPresent()) {
                        Labels l = labels.get();
                        fields[row.length] = l.classNames().get(l.values()[(int) (first + i)]);
                    }
                    csv.writeRecord(fields);
                }
            });
        }
    }

    private void photos(Path folder) throws IOException {
        ImageShape shape = EncodedImages.requireImages(source);
        InvalidInputException.require(
                bytes(), "photos are written from bytes as they are, not from %s or with --scale", source.dtype());
        int digits = Long.toString(rows - 1).length();
        List<String> names = folderNames();
        float[] row = new float[source.columns()];
        blocks((block, first) -> {
            for (long i = 0; i < block.rows(); i++) {
                block.getRow(i, row);
                Path file = place(folder, first + i, names).resolve(("%0" + digits + "d.png").formatted(first + i));
                write(image(row, shape), file);
            }
        });
    }

    private static void write(BufferedImage image, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("Java cannot write PNG files here");
            }
        } catch (IOException e) {
            // The encoder's own words name neither file nor reason; the reason is what it was caused by.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IOException("cannot write %s: %s".formatted(file.getFileName(), reason.getMessage()), e);
        }
    }

    private Path place(Path folder, long row, List<String> names) throws IOException {
        if (names.isEmpty()) {
            return folder;
        }
        Path place = folder.resolve(names.get(source.labels().orElseThrow().values()[(int) row]));
        return Files.isDirectory(place) ? place : Files.createDirectory(place);
    }

    /** A folder's name for each class, which may be called what no folder can be: T-shirt/top. */
    private List<String> folderNames() {
        List<String> names = new ArrayList<>();
        for (String name : source.labels().map(Labels::classNames).orElse(List.of())) {
            String possible = name.replaceAll("[/\\\\:*?\"<>|\\p{Cntrl}]", "-").replaceFirst("^\\.", "-");
            names.add(names.contains(possible) ? possible + "-" + names.size() : possible);
        }
        return names;
    }

    private static BufferedImage image(float[] row, ImageShape shape) {
        int type = shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), type);
        // The raster's bands are the channels, a pixel's together, as in the row.
        image.getRaster().setPixels(0, 0, shape.width(), shape.height(), row);
        return image;
    }
}
