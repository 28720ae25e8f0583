package io.heddle.data.csv;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataFormats;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FieldRows;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.Memory;
import io.heddle.data.UnlabelledRows;
import io.heddle.data.csv.CsvColumn.Kind;
import io.heddle.data.rows.Columns;
import io.heddle.data.rows.TableRows;
import io.heddle.files.DataFormatException;
import io.heddle.preprocessing.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads a CSV table: one line per row, optional quotes, optional header.
 *
 * <p>The first rows determine the kinds of the columns. If the other rows have the same kinds, the file is read once,
 * otherwise twice.
 */
public final class CsvTable {
    private static final int MAXIMUM_ADVICE = 5;

    private final Path path;
    private final DataOptions options;
    private final Consumer<String> notes;
    private final TextFile text;
    private final CsvHead head;
    private final CsvRecords records;
    private final Columns columns;

    private CsvTable(Path path, String name, DataOptions options, Consumer<String> notes) throws IOException {
        this.path = path;
        this.notes = notes;
        this.text = new TextFile(path, name, options.text().encoding());
        this.head = CsvHead.read(text, options, new MissingTexts(options.text().missing()), notes);
        this.options = withRoles(options);
        this.records = new CsvRecords(text, head.separator(), options.text().comment());
        this.columns = Columns.choose(Columns.unique(head.given()), index(), this.options, name);
        requireValues();
        noteRepeated();
    }

    /**
     * Refuses or reports rows without some columns of the training data. Without names it is not known which columns
     * these are, so the numbers of the others may have changed.
     */
    private void requireValues() throws DataFormatException {
        int values = columns.values().length;
        OptionalInt needed = this.options.roles().allValues();
        if (head.header() || needed.isEmpty()) {
            return;
        }
        List<String> taken = new ArrayList<>();
        for (Columns.Role role : Columns.Role.values()) {
            List<String> names = IntStream.range(0, columns.names().size())
                    .filter(j -> columns.roles().get(j) == role)
                    .mapToObj(columns.names()::get)
                    .toList();
            if (role != Columns.Role.VALUE && !names.isEmpty()) {
                taken.add("%s (%s)"
                        .formatted(
                                String.join(", ", names),
                                role == Columns.Role.OUT
                                        ? "left out"
                                        : role.name().toLowerCase(Locale.ROOT)));
            }
        }
        List<String> absent = Stream.of(
                        options.label(), options.roles().id(), options.roles().weights())
                .flatMap(Optional::stream)
                .filter(name -> !columns.names().contains(name))
                .toList();
        if (!taken.isEmpty() && !absent.isEmpty() && values == needed.getAsInt()) {
            notes.accept(
                    "%s has no column names and no column %s of the training data: column %s is not a feature, and the other %d are"
                            .formatted(text.name(), String.join(", ", absent), String.join(", ", taken), values));
        }
        if (!taken.isEmpty() && values < needed.getAsInt()) {
            throw new DataFormatException(
                    "%s has no column names and %d columns: without %s, as in the training data, %d are left, but the model takes %d; predict from all columns of the training data, or from the %d features only"
                            .formatted(
                                    text.name(),
                                    head.given().size(),
                                    String.join(", ", taken),
                                    values,
                                    needed.getAsInt(),
                                    needed.getAsInt()));
        }
    }

    /** Returns whether a file is read as text. */
    public static boolean isText(Path file) throws IOException {
        return DataFormats.of(file) instanceof CsvFormat;
    }

    /**
     * Reads a table.
     *
     * @param name name of the table in messages
     * @param notes receives one sentence per decision or omission
     * @throws DataFormatException if it is not a table, or is ambiguous
     */
    static DataSource open(Path path, String name, DataOptions options, Consumer<String> notes) throws IOException {
        Optional<DataOptions> labelFile = LabelFile.asked(options);
        return new CsvTable(path, name, labelFile.isPresent() ? options.withoutLabels() : options, notes)
                .source(labelFile);
    }

    /**
     * Returns the options, without the roles of columns if all columns are values; see {@link ColumnRoles#allValues}.
     */
    private DataOptions withRoles(DataOptions given) {
        int width = head.given().size();
        if (head.header() || !given.roles().allValues().equals(OptionalInt.of(width))) {
            return given;
        }
        ColumnRoles none = given.roles().withId(Optional.empty()).withWeights(Optional.empty());
        DataOptions values = given.withoutLabels().withDrop(List.of()).withRoles(none);
        List<String> names = Columns.unique(head.given());
        boolean roles = Stream.of(
                        given.label(), given.roles().id(), given.roles().weights())
                .flatMap(Optional::stream)
                .anyMatch(names::contains);
        if (roles || !given.drop().isEmpty()) {
            notes.accept("%s has no column names: its %d columns are all read as values, because the model takes %d"
                    .formatted(text.name(), width, width));
        }
        return values;
    }

    private MissingTexts missing() {
        return new MissingTexts(options.text().missing());
    }

    /** Returns whether the first column has no name and others have one. pandas writes its index like this. */
    private Set<Integer> index() {
        List<String> given = head.given();
        Set<Integer> index = new HashSet<>();
        boolean unnamed = head.header()
                && given.size() > 1
                && (given.getFirst().isEmpty() || given.getFirst().equals("Unnamed: 0"))
                && given.subList(1, given.size()).stream().noneMatch(String::isEmpty);
        String called = unnamed && given.getFirst().isEmpty() ? "1" : given.getFirst();
        boolean wanted = options.text().keepIndex()
                || options.label().equals(Optional.of(called))
                || options.roles().id().equals(Optional.of(called))
                || options.roles().weights().equals(Optional.of(called))
                || options.drop().contains(called);
        if (unnamed && !wanted) {
            index.add(0);
            notes.accept("%s: the first column has no name and is left out as an index (--keep-index keeps it as '%s')"
                    .formatted(text.name(), called));
        }
        return index;
    }

    private void noteRepeated() {
        for (String name : Columns.repeated(head.given())) {
            notes.accept(Columns.noteRepeated(text.name(), head.given(), name));
        }
    }

    private DataSource source(Optional<DataOptions> labelFile) throws IOException {
        requireRoom();
        try (CsvCells cells = new CsvCells(text.name(), head, columns, options, this::missing)) {
            records.forEach(cells);
            if (cells.isStale()) {
                records.forEach(cells);
            }
            if (cells.isStale()) {
                throw new DataFormatException(text.name() + " changed while it was read");
            }
            for (CsvColumn column : cells.values()) {
                noteTexts(column);
                noteGroups(column);
            }
            List<Column> kinds =
                    cells.values().stream().map(CsvColumn::toColumn).toList();
            TableRows rows = cells.rows();
            rows.rounded(cells.values().stream()
                    .filter(CsvColumn::isRounded)
                    .map(CsvColumn::name)
                    .collect(Collectors.toSet()));
            rows.fields(fields(kinds));
            long lines = rows.rows();
            DataSource source = rows.toSource(kinds, head.header(), "text", labelFile, options, List.of(path), notes);
            LastLines.note(source, text.name(), lines, cells.lastLines()).ifPresent(notes);
            return source;
        }
    }

    private FieldRows fields(List<Column> kinds) {
        boolean[] numbers = new boolean[kinds.size()];
        for (int j = 0; j < numbers.length; j++) {
            numbers[j] = kinds.get(j).kind() == Column.Kind.NUMBER;
        }
        return action -> records.forEach(new CsvFields(head, options.text(), columns, numbers, action));
    }

    /** Refuses a table that is far too large, as estimated from the first rows. */
    private void requireRoom() throws IOException {
        double rows = (double) Files.size(path) / Math.max(1, head.characters()) * head.rows();
        Memory.requireRoomForAbout(text.name(), (long) rows, columns.values().length);
    }

    private void noteGroups(CsvColumn column) {
        column.grouped()
                .ifPresent(number -> notes.accept(
                        "%s, column '%s': the point in numbers such as %s is read as the decimal mark; if it separates thousands, --thousands . reads it so (--decimal . for decimals)"
                                .formatted(text.name(), column.name(), number)));
    }

    /** Reports details of a column of text that may be mistakes. */
    private void noteTexts(CsvColumn column) throws DataFormatException {
        if (column.kind() != Kind.TEXT) {
            return;
        }
        if (column.missingWords() > 0) {
            notes.accept("%s, column '%s': %d fields such as '%s' are read as missing (--missing-text says what is)"
                    .formatted(text.name(), column.name(), column.missingWords(), column.missingWord()));
        }
        List<String> texts = column.texts().texts();
        if (options.roles().kinds().get(column.name()) != Column.Kind.CATEGORY) {
            DecimalMark.requireNoGroups(
                    text.name(),
                    column.name(),
                    texts,
                    head.point(),
                    options.text().decimal().isPresent());
            Optional<String> notation = OtherNotations.of(texts);
            if (notation.isPresent()) {
                notes.accept(
                        "%s, column '%s' is read as text: %s".formatted(text.name(), column.name(), notation.get()));
                return;
            }
        }
        DigitGroups numbers = new DigitGroups(head.point(), options.text());
        NumberMarks.in(texts, numbers).ifPresent(others -> noteOthers(column, texts, others));
    }

    private void noteOthers(CsvColumn column, List<String> texts, List<String> others) {
        noteCodes(column, texts, others.size());
        if (!others.isEmpty()) {
            List<String> missing = new ArrayList<>(others);
            // The option replaces the default texts.
            Optional.ofNullable(column.missingWord()).ifPresent(missing::add);
            String advice = missing.stream()
                    .limit(MAXIMUM_ADVICE)
                    .map(CsvTable::missingText)
                    .collect(Collectors.joining(" "));
            String it = missing.size() == 1 ? "it" : "them";
            notes.accept("%s, column '%s' is read as text: it holds %s beside numbers (%s)"
                    .formatted(
                            text.name(),
                            column.name(),
                            "'" + Labels.list(others) + "'",
                            NumberMarks.areMarks(others)
                                    ? "%s reads %s as missing".formatted(advice, it)
                                    : "its values are categories; if %s means that a number is missing, %s reads numbers"
                                            .formatted(others.size() == 1 ? "it" : "each of these", advice)));
        }
    }

    /** Returns the option for a text, for a shell. Without double quotes, two hyphens would end the options. */
    private static String missingText(String text) {
        String word = text.replace("'", "'\\''");
        return "--missing-text " + (text.startsWith("--") ? "'\"" + word + "\"'" : "'" + word + "'");
    }

    /** Reports that a column of digits is read as text because of its codes. */
    private void noteCodes(CsvColumn column, List<String> texts, int others) {
        Optional<String> code = texts.stream()
                .filter(t -> Decimal.isCode(t.toCharArray(), 0, t.length()))
                .findFirst();
        if (others == 0 && code.isPresent() && options.roles().kinds().get(column.name()) != Column.Kind.CATEGORY) {
            notes.accept(
                    "%s, column '%s' is read as text: it holds codes such as '%s', which lose their zeros as numbers (--number %s reads numbers)"
                            .formatted(text.name(), column.name(), code.get(), column.name()));
        }
    }

    /** Returns the only column of a file, or the one of the options. */
    static Labels readLabels(Path path, DataOptions options, UnlabelledRows unlabelled) throws IOException {
        TextFile text = new TextFile(path, path.toString(), options.text().encoding());
        char separator = options.separator().isPresent() ? options.separator().get() : CsvHead.separator(text, options);
        LabelRows rows = new LabelRows(text.name(), options, unlabelled);
        new CsvRecords(text, separator, options.text().comment()).forEach(rows);
        return rows.toLabels();
    }

    /** Returns whether the first field of a column of labels is its name. */
    public static boolean isHeading(String first, DataOptions options) {
        return options.label().isPresent() && options.label().get().equals(first)
                || HeaderGuess.USUAL_HEADINGS.contains(first.toLowerCase(Locale.ROOT));
    }
}
