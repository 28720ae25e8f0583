package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.decisions.CleanedData;
import io.heddle.cli.decisions.Cleaning;
import io.heddle.cli.decisions.Decisions;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.output.OutputFolder;
import io.heddle.cli.output.TypedCommand;
import io.heddle.cli.report.Figures;
import io.heddle.cli.terminal.Activity;
import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.ImageSize;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle audit apply}: applies the decisions about an audit to the data set. */
@Command(
        name = "apply",
        description = {
            "Applies decisions about the rows of an audit: writes the data with the new labels and without the dropped "
                    + "rows into a new folder. DECISIONS is the decisions.csv that the page of an audit exports, or a CSV "
                    + "file of your own with the columns index,file,decision,label, where a decision is keep, relabel or "
                    + "drop. Rows without a decision stay as they are. A folder of photos becomes a folder of copies; a "
                    + "CSV file becomes a CSV file with the same columns, and labels.csv; other data become labels.csv, "
                    + "and data.npy where rows are dropped. DATA and the options that say how it is read are those of the "
                    + "audit. Its other options are accepted too, and repeated in the audit that is proposed for the new "
                    + "data."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle audit apply decisions.csv photos --out cleaned",
            "  heddle audit apply decisions.csv products.csv --label category --dry-run",
            "  heddle audit apply decisions.csv fashion-mnist --labels labels.csv \\",
            "    --out cleaned"
        })
final class AuditApplyCommand implements Callable<Integer> {
    private static final int LINES = 20;
    /** Options of reading that do not apply to the written files, which have labels of their own and are UTF-8. */
    private static final Set<String> OF_THE_INPUT = Set.of("--label", "--labels", "--encoding");
    /** Photos are not decoded, so their sizes need not agree. */
    private static final ImageSize ANY_SIZE = new ImageSize(32, 32);

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DECISIONS", description = "CSV file of decisions.")
    private Path decisions;

    @Parameters(index = "1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "New folder for the cleaned data; with --in-place, for the photos that are dropped.")
    private Path out;

    @Option(names = "--dry-run", description = "Say what would change, and write nothing.")
    private boolean dryRun;

    @Option(
            names = "--in-place",
            description = "Move the photos of DATA to the folders of their new labels instead of copying all. Dropped "
                    + "photos are moved into --out; none is deleted.")
    private boolean inPlace;

    @Mixin
    private DataFlags reading;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        InvalidInputException.require(
                dryRun || inPlace || out != null,
                "--out DIR says where the cleaned data go; --dry-run only shows what would change");
        Decisions decided = Decisions.read(decisions);
        DataLocation location = DataLocation.of(data);
        DataOptions options = options(location);
        requireRows(decided, options);
        try (Activity activity = Activity.start(common.err(), "Reading " + data);
                DataSource source = DataSource.open(data, options, PlainText.notes(common.err()))) {
            Cleaning cleaning = Cleaning.of(source, decided);
            CleanedData cleaned = new CleanedData(location, options, source, cleaning);
            if (inPlace) {
                cleaned.requireMovable();
            }
            List<Path> written = dryRun ? List.of() : write(location, cleaned, cleaning);
            activity.close();
            common.result(json(cleaning, written), lines(cleaning, cleaned, written));
            next(cleaning, cleaned);
            return 0;
        }
    }

    /** Refuses numbers that may be IDs, because the IDs are called like the numbers of rows. */
    private void requireRows(Decisions decided, DataOptions options) {
        InvalidInputException.require(
                !options.roles().id().equals(Optional.of(Decisions.INDEX))
                        || decided.dataHash().isPresent()
                        || decided.all().stream().noneMatch(d -> d.name().isEmpty()),
                "%s: its column 'index' has the numbers of rows, from 0, but the IDs of %s are called 'index' too; add a column 'id' with the IDs",
                decided.place(),
                data);
    }

    private DataOptions options(DataLocation location) {
        DataOptions options = reading.options();
        if (options.scale().isEmpty()) {
            options = options.withScale(1);
        }
        return location.isFolder() && options.resize().isEmpty() ? options.withResize(ANY_SIZE) : options;
    }

    private List<Path> write(DataLocation location, CleanedData cleaned, Cleaning cleaning) throws IOException {
        if (inPlace && cleaning.droppedRows() == 0) {
            cleaned.moveInPlace(location.path());
            return List.of();
        }
        InvalidInputException.require(out != null, "--out DIR says where the dropped photos go; none is deleted");
        Path target = out.toAbsolutePath().normalize();
        InvalidInputException.require(
                !cleaned.photos()
                        || !target.startsWith(location.path().toAbsolutePath().normalize()),
                "--out %s is inside the input folder %s; name another folder",
                out,
                location.path());
        if (inPlace) {
            InvalidInputException.require(
                    !Files.exists(target), "cannot write %s: a file or folder of that name exists already", out);
            cleaned.moveInPlace(target);
            return List.of(out);
        }
        try (OutputFolder folder = OutputFolder.open(out)) {
            folder.write(cleaned::write);
        }
        return cleaned.photos()
                ? List.of(out)
                : cleaned.names().stream().map(out::resolve).toList();
    }

    private ObjectNode json(Cleaning cleaning, List<Path> written) {
        ObjectNode json = CommonFlags.object()
                .put("rows", cleaning.dropped().length)
                .put("relabelled", cleaning.relabelled())
                .put("dropped", cleaning.droppedRows())
                .put("kept", cleaning.kept())
                .put("dryRun", dryRun);
        ArrayNode changes = json.putArray("changes");
        for (Cleaning.Change c : cleaning.changes()) {
            ObjectNode change = changes.addObject()
                    .put("index", cleaning.names().number(c.row()))
                    .put("from", c.from());
            change.put("to", c.to().orElse(null));
            if (cleaning.names().present()) {
                change.put(cleaning.names().kind(), cleaning.names().of(c.row()));
            }
        }
        ArrayNode files = json.putArray("written");
        written.forEach(file -> files.add(file.toString()));
        return json;
    }

    private List<String> lines(Cleaning cleaning, CleanedData cleaned, List<Path> written) {
        List<String> lines = new ArrayList<>();
        int rows = cleaning.dropped().length;
        String counted = cleaned.skipsRows() ? " with a label" : "";
        lines.add("%s%s relabelled, %s dropped, %s kept by decision; %s of %s%s remain"
                .formatted(
                        dryRun ? "would change: " : "",
                        Figures.count(cleaning.relabelled()),
                        Figures.count(cleaning.droppedRows()),
                        Figures.count(cleaning.kept()),
                        Figures.count(rows - cleaning.droppedRows()),
                        Figures.plural(rows, "row", "rows"),
                        counted));
        Map<String, Integer> pairs = new TreeMap<>();
        cleaning.changes()
                .forEach(c ->
                        pairs.merge(c.from() + c.to().map(to -> " -> " + to).orElse(" dropped"), 1, Integer::sum));
        pairs.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(LINES)
                .forEach(pair -> lines.add("  %-6d %s".formatted(pair.getValue(), pair.getKey())));
        if (pairs.size() > LINES) {
            lines.add("  and %d more pairs of labels".formatted(pairs.size() - LINES));
        }
        if (cleaned.labelsAlone()) {
            lines.add("labels.csv has no line for the dropped rows: its column 'index' has the numbers of the others");
        }
        if (inPlace && !dryRun) {
            lines.add("moved photos within " + data);
        }
        written.forEach(file -> lines.add("wrote " + file));
        return lines;
    }

    private void next(Cleaning cleaning, CleanedData cleaned) {
        String next;
        if (dryRun) {
            next = "Nothing was written. Next: the same command with --out DIR instead of --dry-run";
        } else if (cleaning.changes().isEmpty()) {
            next = "No label changes: all decisions are keep";
        } else {
            next = "Next: " + audit(cleaned);
        }
        common.err().println(PlainText.of(next));
    }

    /** Returns the command that audits the cleaned data, with the same options of reading. */
    private String audit(CleanedData cleaned) {
        if (cleaned.photos()) {
            return audit(inPlace ? data : out.toString(), List.of());
        }
        Path first = out.resolve(cleaned.names().getFirst());
        Path labels = out.resolve(CleanedData.LABELS);
        if (first.equals(labels)) {
            return audit(data, List.of("--labels", labels.toString()));
        }
        return audit(
                first.toString(),
                reading.label()
                        .map(label -> List.of("--label", label))
                        .orElseGet(() -> List.of("--labels", labels.toString())));
    }

    private String audit(String cleaned, List<String> labels) {
        return TypedCommand.like(spec, spec.parent(), List.of("audit", cleaned), labels, OF_THE_INPUT);
    }
}
