package io.heddle.cli.models;

import io.heddle.cli.catalogue.EncodedImages;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.output.OutputFolder;
import io.heddle.cli.terminal.Activity;
import io.heddle.data.DataSource;
import io.heddle.data.FieldRows;
import io.heddle.data.ImageShape;
import io.heddle.data.Labels;
import io.heddle.data.array.Dtype;
import io.heddle.data.array.NpyWriter;
import io.heddle.data.photo.ClassFolders;
import io.heddle.data.rows.ClassNames;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Converts data to another format block by block. */
public final class Conversion {
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final long BLOCK_VALUES = 1L << 18;
    private static final double WHOLE = 0x1p53;
    private static final int COLOURS = 3;

    private final DataSource source;
    private final long rows;
    private final boolean plain;
    private final Format format;
    private final Activity activity;
    private final Optional<Table> table;
    private final Set<String> rounded;
    /** Null unless the output is text. */
    private final TextConversion text;
    /** Names of the folders of the classes; null unless the output is photos. */
    private final List<String> folders;

    /** The output formats. */
    public enum Format {
        NPY,
        NPZ,
        CSV,
        TSV,
        PHOTOS;

        /** Returns whether the format is text. */
        public boolean isText() {
            return this == CSV || this == TSV;
        }

        /** Returns whether the output has the labels of the rows. A {@code .npy} has no place for them. */
        public boolean holdsLabels() {
            return this != NPY;
        }

        /** @throws InvalidInputException if no output format has the extension */
        public static Format of(Path out) {
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
                            "%s has no known output format: use the extension .npy, .npz, .csv, .tsv or, for a folder of photos, none"
                                    .formatted(out));
            };
        }
    }

    /**
     * Checks that the data can be written in the format.
     *
     * @param plain whether values are not scaled
     * @throws InvalidInputException if they cannot
     */
    public Conversion(DataSource source, long rows, boolean plain, Format format, Activity activity)
            throws IOException {
        this.source = source;
        this.rows = rows;
        this.plain = plain;
        this.format = format;
        this.activity = activity;
        this.rounded = source.rounded();
        this.table = source.isWide() && rounded.isEmpty() ? Optional.empty() : source.table();
        this.text = switch (format) {
            case CSV -> new TextConversion(source, ',', table, plain);
            case TSV -> new TextConversion(source, '\t', table, plain);
            default -> null;
        };
        this.folders = format == Format.PHOTOS
                ? ClassFolders.of(source.labels().map(Labels::classNames).orElse(List.of()))
                : null;
        if (format == Format.PHOTOS) {
            ImageShape shape = EncodedImages.requireImages(source);
            InvalidInputException.require(
                    bytes() && (shape.channels() == 1 || shape.channels() == COLOURS),
                    "photos can be written only from gray or RGB bytes without --scale, not from %s, %s",
                    source.dtype(),
                    shape);
        } else if (text == null) {
            List<String> others = table.map(Table::columns).orElse(List.of()).stream()
                    .filter(column -> column.kind() != Column.Kind.NUMBER && column.kind() != Column.Kind.BOOLEAN)
                    .map(Column::name)
                    .toList();
            InvalidInputException.require(
                    others.isEmpty(),
                    "%s has columns that are not numeric, which arrays cannot contain: %s; --drop leaves columns out, and .csv keeps them",
                    source.name(),
                    String.join(", ", others));
        }
    }

    /** Returns the name of the label column in a text file, if one is written. */
    public Optional<String> labelName() {
        return text == null ? Optional.empty() : text.labelName();
    }

    /**
     * Reports columns of text that are read differently from a text file.
     *
     * @param numbers columns that are text only to keep all digits of whole numbers
     */
    public void noteOtherKinds(Set<String> numbers, Consumer<String> notes) {
        if (text != null) {
            text.noteOtherKinds(rows, numbers, notes);
        }
    }

    public void write(Path out) throws IOException {
        if (format == Format.PHOTOS) {
            try (OutputFolder folder = OutputFolder.open(out)) {
                folder.write(part -> photos(part, out));
            }
            return;
        }
        try (OutputFile file = OutputFile.open(out)) {
            file.write(stream -> {
                switch (format) {
                    case NPY -> npy(stream);
                    case NPZ -> npz(stream);
                    case CSV, TSV -> text.write(this::forEachFieldRow, !isWide(), stream);
                    case PHOTOS -> throw new AssertionError(format);
                }
            });
        }
    }

    /** Receives a block of rows from a start; only the given number of values are valid. */
    @FunctionalInterface
    private interface Block {
        void accept(double[] values, int rows, long first) throws IOException;
    }

    private void blocks(Block action) throws IOException {
        int columns = source.columns();
        long step = Math.min(rows, Math.max(1, BLOCK_VALUES / columns));
        double[] values = new double[Math.toIntExact(step * columns)];
        double[] row = new double[columns];
        for (long from = 0; from < rows; from += step) {
            activity.advanced(from, rows, "");
            int count = (int) Math.min(step, rows - from);
            if (table.isEmpty()) {
                source.readDoubles(from, from + count, values);
            }
            for (int i = 0; i < count && table.isPresent(); i++) {
                table.get().getRow(from + i, row);
                System.arraycopy(row, 0, values, i * columns, columns);
            }
            action.accept(values, count, from);
        }
    }

    /** Visits the unchanged fields of a text file. */
    private void forEachFieldRow(TextConversion.Action action) throws IOException {
        FieldRows fields = source.fields().orElse(null);
        if (fields == null || table.isEmpty()) {
            forEachRow((row, values) -> action.accept(row, values, null));
            return;
        }
        double[] values = new double[source.columns()];
        long[] next = new long[1];
        fields.forEach((fileRow, own) -> {
            // Rows without a label may have been left out.
            if (fileRow == source.fileRow(next[0])) {
                activity.advanced(next[0], rows, "");
                table.get().getRow(next[0], values);
                action.accept(next[0], values, own);
                next[0]++;
            }
            return next[0] < rows;
        });
        if (next[0] < rows) {
            throw new DataFormatException(source.name() + " changed while it was read");
        }
    }

    /** Processes a row. */
    @FunctionalInterface
    private interface RowAction {
        void accept(long row, double[] values) throws IOException;
    }

    private void forEachRow(RowAction action) throws IOException {
        double[] row = new double[source.columns()];
        blocks((values, count, first) -> {
            for (int i = 0; i < count; i++) {
                System.arraycopy(values, i * row.length, row, 0, row.length);
                requireWhole(row, first + i);
                action.accept(first + i, row);
            }
        });
    }

    /** Refuses whole numbers that doubles have rounded. */
    private void requireWhole(double[] row, long at) {
        for (int j = 0; j < row.length && !rounded.isEmpty(); j++) {
            String column = table.map(Table::columns).orElseThrow().get(j).name();
            InvalidInputException.require(
                    !rounded.contains(column) || !(Math.abs(row[j]) >= WHOLE),
                    "%s, row %d, column '%s' holds a whole number above 2^53, which would be rounded; %s",
                    source.name(),
                    source.fileRow(at),
                    column,
                    source.isWide()
                            ? "Heddle stores numbers as doubles"
                            : "--drop leaves columns out, and .csv keeps all digits");
        }
    }

    private boolean bytes() {
        return plain && source.dtype().equals(Dtype.UINT8.toString());
    }

    /** Returns whether floats would round the values. */
    private boolean isWide() {
        return source.isWide() || table.isPresent();
    }

    private void npy(OutputStream out) throws IOException {
        long[] shape = source.images()
                .map(s -> s.channels() == 1
                        ? new long[] {rows, s.height(), s.width()}
                        : new long[] {rows, s.height(), s.width(), s.channels()})
                .orElse(new long[] {rows, source.columns()});
        Dtype dtype = bytes() ? Dtype.UINT8 : isWide() ? Dtype.FLOAT64 : Dtype.FLOAT32;
        NpyWriter.header(dtype, shape, out);
        forEachRow((row, values) -> NpyWriter.row(values, dtype, row, out));
    }

    private void npz(OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(entry("x.npy"));
            npy(zip);
            zip.closeEntry();
            if (source.labels().isPresent()) {
                zip.putNextEntry(entry("y.npy"));
                int[] numbers = numbers(source.labels().get());
                NpyWriter.write(Arrays.copyOf(numbers, (int) rows), zip);
                zip.closeEntry();
                List<String> names = source.labels().get().classNames();
                if (!numbered(names)) {
                    zip.putNextEntry(entry(ClassNames.ENTRY));
                    zip.write(ClassNames.bytes(names));
                    zip.closeEntry();
                }
            }
        }
    }

    /** Returns an entry with the constant time that NumPy sets, so that equal data give equal bytes. */
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(EPOCH);
        return entry;
    }

    /** Returns the class names as numbers, or the class indices if the names are words. */
    private static int[] numbers(Labels labels) {
        boolean numbered = numbered(labels.classNames());
        return Arrays.stream(labels.values())
                .map(c -> numbered ? Integer.parseInt(labels.classNames().get(c)) : c)
                .toArray();
    }

    private static boolean numbered(List<String> names) {
        return names.stream()
                .allMatch(n -> n.matches("-?\\d{1,9}")
                        && Integer.toString(Integer.parseInt(n)).equals(n));
    }

    /** @param out the name that the folder gets */
    private void photos(Path folder, Path out) throws IOException {
        ImageShape shape = source.images().orElseThrow();
        int digits = Long.toString(rows - 1).length();
        float[] pixels = new float[source.columns()];
        forEachRow((row, values) -> {
            for (int j = 0; j < pixels.length; j++) {
                pixels[j] = (float) values[j];
            }
            Path file = place(folder, row).resolve(("%0" + digits + "d.png").formatted(row));
            write(image(pixels, shape), file, out.resolve(folder.relativize(file)));
        });
        List<String> classes = source.labels().map(Labels::classNames).orElse(List.of());
        Map<String, String> renamed = ClassFolders.renamed(classes, folders);
        if (!renamed.isEmpty()) {
            Files.write(folder.resolve(ClassNames.ENTRY), ClassNames.bytes(renamed));
        }
    }

    private static void write(BufferedImage image, Path file, Path name) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this Java has no PNG writer");
            }
        } catch (IOException e) {
            // The message of ImageIO contains neither file nor reason; the reason is in its cause.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IOException("cannot write %s: %s".formatted(name, reason.getMessage()), e);
        }
    }

    private Path place(Path folder, long row) throws IOException {
        if (folders.isEmpty()) {
            return folder;
        }
        Path place = folder.resolve(folders.get(source.labels().orElseThrow().values()[(int) row]));
        return Files.isDirectory(place) ? place : Files.createDirectory(place);
    }

    private static BufferedImage image(float[] row, ImageShape shape) {
        int type = shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), type);
        // The raster has interleaved channels, as in the row.
        image.getRaster().setPixels(0, 0, shape.width(), shape.height(), row);
        return image;
    }
}
