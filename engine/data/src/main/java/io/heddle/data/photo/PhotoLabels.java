package io.heddle.data.photo;

import io.heddle.data.DataOptions;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.csv.CsvTable;
import io.heddle.data.csv.MissingTexts;
import io.heddle.data.rows.Columns;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads a label file for photos. Rows with file names are joined to the photos by name, in any order. Labels without
 * file names are assigned in the order of the photos, if this order is unambiguous.
 */
final class PhotoLabels {
    private static final int MAXIMUM_LISTED = 5;
    private static final int WHOLE_NAMES = 5;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\.?\\d.*");
    private static final Pattern DIGITS = Pattern.compile("\\d+|\\D+");
    private static final Comparator<String> NUMBERS = Comparator.comparing(
                    (String digits) -> digits.replaceFirst("^0+", "").length())
            .thenComparing(digits -> digits.replaceFirst("^0+", ""));

    private final Path file;
    private final DataOptions options;
    private final Path folder;
    private final List<Path> photos;
    private final int[] kept;
    private final Consumer<String> log;

    private PhotoLabels(
            Path file, DataOptions options, Path folder, List<Path> photos, int[] kept, Consumer<String> log) {
        this.file = file;
        this.options = options;
        this.folder = folder;
        this.photos = photos;
        this.kept = kept;
        this.log = log;
    }

    /**
     * @param folder folder of the photos
     * @param photos all photos in their order, including damaged ones
     * @param kept numbers of the photos that are rows, ascending. The labels of the other photos are not used
     * @param log receives one line about rows without a photo
     * @throws DataFormatException if a photo has no label, or two, or the assignment is ambiguous
     */
    static Labels read(Path file, DataOptions options, Path folder, List<Path> photos, int[] kept, Consumer<String> log)
            throws IOException {
        PhotoLabels labels = new PhotoLabels(file, options, folder, photos, kept, log);
        if (CsvTable.isText(file)) {
            LabelTable table = LabelTable.read(file, options);
            if (table.width() > 1) {
                return labels.joined(table);
            }
            labels.requireNoNames(table);
        }
        labels.requireOneOrder();
        return labels.inOrder(LabelFile.read(file, options, photos.size()));
    }

    /**
     * Refuses lines with the name of a photo beside its label, which would be one class per photo. With a given
     * separator the whole lines are labels.
     */
    private void requireNoNames(LabelTable table) throws DataFormatException {
        if (options.separator().isPresent()) {
            return;
        }
        List<Map<String, Integer>> namings = namings();
        for (boolean atStart : new boolean[] {true, false}) {
            requireNoNames(table, namings.subList(0, WHOLE_NAMES), atStart, false);
            requireNoNames(table, namings.subList(WHOLE_NAMES, namings.size()), atStart, true);
        }
    }

    /**
     * @param atStart whether names at the start or at the end of lines are searched
     * @param words whether the names may also be words of labels, such as {@code 01 to 03}. Names of photos occur once,
     *     words of labels several times
     */
    private void requireNoNames(LabelTable table, List<Map<String, Integer>> namings, boolean atStart, boolean words)
            throws DataFormatException {
        Set<Integer> named = new HashSet<>();
        int lines = 0;
        int first = -1;
        for (int i = 0; i < table.rows().size(); i++) {
            int photo = named(cleaned(table.rows().get(i).getFirst()), namings, atStart);
            if (photo >= 0) {
                named.add(photo);
                lines++;
                first = first < 0 ? i : first;
            }
        }
        if (2 * named.size() > table.rows().size() && (!words || 4 * named.size() > 3 * lines)) {
            throw new DataFormatException(
                    "%s, line %d: '%s' is a file name beside a label; --separator space reads them as two columns, --separator tab as one of labels"
                            .formatted(
                                    file,
                                    table.lines().get(first),
                                    table.rows().get(first).getFirst()));
        }
    }

    /** Returns the photo that is named before or after a blank, or -1. */
    private static int named(String line, List<Map<String, Integer>> namings, boolean atStart) {
        Matcher blanks = BLANKS.matcher(line);
        while (blanks.find()) {
            String name = atStart ? line.substring(0, blanks.start()) : line.substring(blanks.end());
            for (Map<String, Integer> way : namings) {
                if (way.containsKey(name)) {
                    return way.get(name);
                }
            }
        }
        return -1;
    }

    /** Returns the labels of the rows from labels in the order of all photos. */
    private Labels inOrder(Labels all) throws IOException {
        if (all.rows() == photos.size()) {
            requireNoHeading(all);
            return kept.length == photos.size()
                    ? all
                    : ofRows(i -> all.classNames().get(all.values()[i]));
        }
        if (kept.length == photos.size()) {
            throw new DataFormatException(
                    "%s has %d labels, but %s has %d photos".formatted(file, all.rows(), folder, photos.size()));
        }
        throw new DataFormatException(
                "%s has %d labels, but %s has %d photos, of which %d can be read; labels without file names are one per photo, including the damaged ones"
                        .formatted(file, all.rows(), folder, photos.size(), kept.length));
    }

    /**
     * Refuses a first line that may be a heading above one label per readable photo: it would shift all labels. With
     * one damaged photo, such a file has as many lines as there are photos.
     */
    private void requireNoHeading(Labels all) throws IOException {
        String first = all.classNames().get(all.values()[0]);
        if (kept.length + 1 == photos.size()
                && options.header().isEmpty()
                && CsvTable.isText(file)
                && !all.classNames().stream()
                        .allMatch(name -> NUMBER.matcher(name).matches())
                && Arrays.stream(all.values()).filter(c -> c == all.values()[0]).count() == 1) {
            throw new DataFormatException(
                    "%s: the first line '%s' is the label of a photo or the heading of labels of the %d readable photos; labels without file names are one per photo, including the damaged ones (--header no: it is a label)"
                            .formatted(file, first, kept.length));
        }
    }

    /** Returns labels without the classes that only damaged photos have. */
    private Labels ofRows(IntFunction<String> names) {
        return Labels.ofNames(Arrays.stream(kept).mapToObj(names).toList());
    }

    /** Photos by one kind of name. Ambiguous names are not used. */
    private Map<String, Integer> names(Function<Path, String> naming) {
        Map<String, Integer> names = new HashMap<>();
        Set<String> twice = new HashSet<>();
        for (int i = 0; i < photos.size(); i++) {
            String name = naming.apply(photos.get(i));
            if (names.put(name, i) != null) {
                twice.add(name);
            }
        }
        twice.forEach(names::remove);
        return names;
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
    }

    /** Returns the photos by each kind of name. The first {@link #WHOLE_NAMES} kinds have the extension. */
    private List<Map<String, Integer>> namings() {
        Path whole = folder.toAbsolutePath().normalize();
        List<Function<Path, String>> ways = List.of(
                p -> slashes(folder.relativize(p)),
                p -> slashes(whole.getFileName().resolve(folder.relativize(p))),
                p -> slashes(folder.resolve(folder.relativize(p))),
                p -> slashes(p.toAbsolutePath().normalize()),
                p -> p.getFileName().toString(),
                p -> stem(slashes(folder.relativize(p))),
                p -> stem(p.getFileName().toString()));
        return ways.stream().map(this::names).toList();
    }

    private static String cleaned(String name) {
        String plain = name.strip().replace('\\', '/');
        return plain.startsWith("./") ? plain.substring(2) : plain;
    }

    /**
     * A column that may have the file names.
     *
     * @param photos photo of each row, -1 for none
     * @param matches number of photos that have a row
     * @param distinct whether no text is in two rows
     * @param whole whether the names have extensions. Numbers that are no names do not
     */
    private record Candidate(
            int column, Map<String, Integer> names, int[] photos, long matches, boolean distinct, boolean whole) {
        /** Returns whether both columns may have the file names, but for different photos in some row. */
        boolean contradicts(Candidate best) {
            return whole == best.whole
                    && (matches == best.matches || distinct && 2 * matches >= best.matches)
                    && IntStream.range(0, photos.length)
                            .anyMatch(i -> photos[i] >= 0 && best.photos[i] >= 0 && photos[i] != best.photos[i]);
        }
    }

    /** Returns the kind of names with which a column has the most photos. */
    private Candidate candidate(LabelTable table, int column, List<Map<String, Integer>> namings) {
        List<String> texts =
                table.rows().stream().map(row -> cleaned(row.get(column))).toList();
        Candidate best = null;
        for (Map<String, Integer> way : namings) {
            int[] found =
                    texts.stream().mapToInt(text -> way.getOrDefault(text, -1)).toArray();
            long matches = Arrays.stream(found).filter(i -> i >= 0).distinct().count();
            if (best == null || matches > best.matches) {
                boolean distinct = Set.copyOf(texts).size() == texts.size();
                best = new Candidate(column, way, found, matches, distinct, namings.indexOf(way) < WHOLE_NAMES);
            }
        }
        return best;
    }

    private Labels joined(LabelTable table) throws DataFormatException {
        List<Map<String, Integer>> namings = namings();
        List<String> first = table.rows().getFirst();
        int named = named(table);
        List<Candidate> candidates = IntStream.range(0, table.width())
                .filter(j -> named < 0 || j == named)
                .mapToObj(j -> candidate(table, j, namings))
                .filter(c -> c.matches > 0)
                // Of equal columns the first.
                .sorted(Comparator.comparing(Candidate::whole)
                        .thenComparing(Candidate::matches)
                        .reversed())
                .toList();
        if (candidates.isEmpty()) {
            requireUnambiguous(table, IntStream.range(0, table.width()).boxed().toList());
            throw new DataFormatException(
                    "%s has %d columns, but none has the file names of the photos in %s, such as %s"
                            .formatted(file, table.width(), folder, folder.relativize(photos.getFirst())));
        }
        List<Candidate> likely = candidates.stream()
                .filter(c -> !isLabel(first.get(c.column)) && !isIndex(table, c.column))
                .toList();
        candidates = likely.isEmpty() ? candidates : likely;
        Candidate best = candidates.getFirst();
        boolean header = options.header().orElse(!best.names.containsKey(cleaned(first.get(best.column))));
        for (Candidate other : candidates) {
            if (other.contradicts(best)) {
                List<String> names = Columns.unique(header ? first : Collections.nCopies(table.width(), ""));
                throw new DataFormatException(
                        "%s: the columns '%s' and '%s' both have names of photos in %s, but of different photos; choose one with --id"
                                .formatted(file, names.get(best.column), names.get(other.column), folder));
            }
        }
        return joined(table, header, best.column, labelColumn(table, header, best.column), best.names);
    }

    /** Returns the column that {@code --id} names, or -1. */
    private int named(LabelTable table) {
        if (options.roles().id().isEmpty()) {
            return -1;
        }
        String id = options.roles().id().get();
        List<String> first = Columns.unique(table.rows().getFirst());
        List<String> numbers = Columns.unique(Collections.nCopies(table.width(), ""));
        boolean number =
                !first.contains(id) && numbers.contains(id) && !options.header().orElse(false);
        return Columns.find(number ? numbers : first, id, file.toString());
    }

    private boolean isLabel(String heading) {
        return options.label().isPresent()
                ? options.label().get().equals(heading)
                : CsvTable.isHeading(heading, options);
    }

    /** Returns whether a column is a running number without a name, as pandas writes it. */
    private static boolean isIndex(LabelTable table, int column) {
        String heading = table.rows().getFirst().get(column);
        if (column > 0 || !heading.isEmpty() && !heading.equals("Unnamed: 0")) {
            return false;
        }
        List<String> texts = table.rows().stream()
                .skip(1)
                .map(row -> row.get(column).strip())
                .toList();
        return texts.stream().allMatch(text -> text.matches("\\d+"));
    }

    /** Refuses names without folders that several photos have. */
    private void requireUnambiguous(LabelTable table, List<Integer> columns) throws DataFormatException {
        requireUnambiguous(table, columns, p -> p.getFileName().toString());
        requireUnambiguous(table, columns, p -> stem(p.getFileName().toString()));
    }

    private void requireUnambiguous(LabelTable table, List<Integer> columns, Function<Path, String> naming)
            throws DataFormatException {
        Map<String, List<String>> paths = new HashMap<>();
        for (Path photo : photos) {
            paths.computeIfAbsent(naming.apply(photo), name -> new ArrayList<>())
                    .add(slashes(folder.relativize(photo)));
        }
        for (int i = 0; i < table.rows().size(); i++) {
            for (int column : columns) {
                String name = cleaned(table.rows().get(i).get(column));
                List<String> several = paths.getOrDefault(name, List.of());
                if (several.size() > 1) {
                    throw new DataFormatException("%s, line %d: %s can be %s or %s; write the path relative to %s"
                            .formatted(file, table.lines().get(i), name, several.get(0), several.get(1), folder));
                }
            }
        }
    }

    private int labelColumn(LabelTable table, boolean header, int files) throws DataFormatException {
        List<String> first = table.rows().getFirst();
        if (options.label().isPresent()) {
            List<String> none = new ArrayList<>(first);
            none.replaceAll(name -> "");
            return Columns.findGiven(header ? first : none, options.label().get(), file.toString());
        }
        List<Integer> others = new ArrayList<>();
        for (int j = 0; j < table.width(); j++) {
            // A column without a name is the index of pandas.
            if (j != files && !(header && first.get(j).isEmpty())) {
                others.add(j);
            }
        }
        List<Integer> usual = others.stream()
                .filter(j -> header && CsvTable.isHeading(first.get(j), options))
                .toList();
        List<Integer> candidates = usual.isEmpty() ? others : usual;
        if (candidates.size() != 1) {
            throw new DataFormatException("%s has several columns that may be the labels: %s; choose one with --label"
                    .formatted(
                            file,
                            Labels.list(candidates.stream()
                                    .map(j -> header ? Columns.unique(first).get(j) : Integer.toString(j + 1))
                                    .toList())));
        }
        return candidates.getFirst();
    }

    private Labels joined(LabelTable table, boolean header, int files, int column, Map<String, Integer> names)
            throws DataFormatException {
        MissingTexts missing = new MissingTexts(options.text().missing());
        String[] labels = new String[photos.size()];
        List<String> strangers = new ArrayList<>();
        for (int i = header ? 1 : 0; i < table.rows().size(); i++) {
            String name = cleaned(table.rows().get(i).get(files));
            String label = table.rows().get(i).get(column).strip();
            Integer photo = names.get(name);
            if (photo == null) {
                strangers.add(name);
                continue;
            }
            if (Arrays.binarySearch(kept, photo) < 0) {
                continue;
            }
            if (label.isEmpty()) {
                throw new DataFormatException("%s, line %d has no label for %s"
                        .formatted(file, table.lines().get(i), name));
            }
            missing.requireLabel(
                    label,
                    options,
                    "%s, line %d: the label of %s".formatted(file, table.lines().get(i), name));
            if (labels[photo] != null && !labels[photo].equals(label)) {
                throw new DataFormatException("%s, line %d: %s is '%s', but was '%s' before"
                        .formatted(file, table.lines().get(i), name, label, labels[photo]));
            }
            labels[photo] = label;
        }
        List<String> without = new ArrayList<>();
        for (int i : kept) {
            if (labels[i] == null) {
                without.add(slashes(folder.relativize(photos.get(i))));
            }
        }
        if (!without.isEmpty()) {
            requireUnambiguous(table, List.of(files));
            throw new DataFormatException("%s has no label for %d of the %d photos in %s: %s"
                    .formatted(file, without.size(), kept.length, folder, some(without)));
        }
        if (!strangers.isEmpty()) {
            log.accept("%s: %d row%s no photo in %s and %s left out: %s"
                    .formatted(
                            file,
                            strangers.size(),
                            strangers.size() == 1 ? " names" : "s name",
                            folder,
                            strangers.size() == 1 ? "is" : "are",
                            some(strangers)));
        }
        return ofRows(i -> labels[i]);
    }

    private static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(MAXIMUM_LISTED, names.size())));
        return names.size() <= MAXIMUM_LISTED
                ? shown
                : "%s and %d more".formatted(shown, names.size() - MAXIMUM_LISTED);
    }

    /** Refuses labels without file names if the photos have different orders by name and by number. */
    private void requireOneOrder() throws DataFormatException {
        List<String> byPath =
                photos.stream().map(p -> slashes(folder.relativize(p))).toList();
        List<String> byNumber = new ArrayList<>(byPath);
        byNumber.sort(PhotoLabels::compareNumbers);
        for (int i = 0; i < byPath.size(); i++) {
            if (!byPath.get(i).equals(byNumber.get(i))) {
                throw new DataFormatException(
                        "%s has labels without file names, and the photos have two orders: by name %s is next, by number %s; add a column with file names"
                                .formatted(file, byPath.get(i), byNumber.get(i)));
            }
        }
    }

    /** Compares digits as numbers and other characters as text. */
    private static int compareNumbers(String a, String b) {
        Matcher left = DIGITS.matcher(a);
        Matcher right = DIGITS.matcher(b);
        while (left.find() && right.find()) {
            String l = left.group();
            String r = right.group();
            boolean numbers = Character.isDigit(l.charAt(0)) && Character.isDigit(r.charAt(0));
            int order = numbers ? NUMBERS.compare(l, r) : l.compareTo(r);
            if (order != 0) {
                return order;
            }
        }
        return a.compareTo(b);
    }
}
