package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.decisions.CleanedData;
import io.heddle.cli.decisions.Cleaning;
import io.heddle.cli.decisions.GroupDecisions;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle group apply}: turns groups into labels. */
@Command(
        name = "apply",
        description = {
            "Makes labels of groups: accepts them, gives them names, merges and excludes them. DECISIONS is the "
                    + "groups.csv that the page of a grouping exports, or a CSV file of your own with the columns "
                    + "group,decision,label, where a decision is accept, rename (label is the name), merge (label is "
                    + "the number of the other group) or exclude. A group without a decision is accepted. A folder of photos "
                    + "becomes a folder of copies with a sub-folder for each label; a CSV file becomes a CSV file with "
                    + "a column 'group', and labels.csv; other data become labels.csv, and data.npy where rows are excluded. "
                    + "Other options of the grouping are accepted too."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle group apply groups.csv photos --assignments heddle-group/assignments.csv \\",
            "    --out sorted"
        })
final class GroupApplyCommand implements Callable<Integer> {
    /** Photos are not decoded, so their sizes need not agree. */
    private static final ImageSize ANY_SIZE = new ImageSize(32, 32);

    /** Options of reading that do not apply to the written files, which have labels of their own and are UTF-8. */
    private static final Set<String> OF_THE_INPUT = Set.of("--label", "--labels", "--encoding");

    /** Maximum number of labels that are printed with their rows. */
    private static final int MAXIMUM_LINES = 20;

    private static final Comparator<Map.Entry<String, Integer>> LARGEST_FIRST =
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey());

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DECISIONS", description = "CSV file of decisions.")
    private Path decisions;

    @Parameters(index = "1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = "--assignments",
            paramLabel = "FILE",
            required = true,
            description = "The assignments.csv of the grouping.")
    private Path assignments;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "New folder for the labelled data.")
    private Path out;

    @Option(names = "--dry-run", description = "Say what would be made, and write nothing.")
    private boolean dryRun;

    @Mixin
    private DataFlags reading;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        InvalidInputException.require(
                dryRun || out != null,
                "--out DIR says where the labelled data go; --dry-run only shows what would be made");
        GroupDecisions decided = GroupDecisions.read(decisions);
        DataLocation location = DataLocation.of(data);
        DataOptions options = options(location);
        try (Activity activity = Activity.start(common.err(), "Reading " + data);
                DataSource source = DataSource.open(data, options, PlainText.notes(common.err()))) {
            Cleaning labelled = decided.apply(source, assignments);
            CleanedData made = CleanedData.grouped(location, options, source, labelled);
            List<Path> written = dryRun ? List.of() : write(location, made);
            activity.close();
            common.result(json(labelled, written), lines(labelled, written));
            common.err()
                    .println(PlainText.of(
                            dryRun
                                    ? "Nothing was written. Next: the same command with --out DIR instead of --dry-run"
                                    : "Next: " + audit(made)));
            return 0;
        }
    }

    /** Returns the command that audits the new labels. It does not use the old labels as a feature. */
    private String audit(CleanedData made) {
        if (made.photos()) {
            return audit(out.toString(), List.of());
        }
        String first = made.names().getFirst();
        String labels = out.resolve(CleanedData.LABELS).toString();
        if (first.equals(CleanedData.LABELS)) {
            return audit(data, List.of("--labels", labels));
        }
        List<String> after = new ArrayList<>();
        if (first.endsWith(".npy")) {
            after.addAll(List.of("--labels", labels));
        } else {
            after.addAll(List.of("--label", made.added()));
            reading.label().ifPresent(old -> after.addAll(List.of("--drop", old)));
        }
        return audit(out.resolve(first).toString(), after);
    }

    private String audit(String made, List<String> labels) {
        CommandSpec other = CommandSpec.forAnnotatedObject(new AuditCommand());
        return TypedCommand.like(spec, other, List.of("audit", made), labels, OF_THE_INPUT);
    }

    private DataOptions options(DataLocation location) {
        DataOptions options = reading.options();
        if (options.scale().isEmpty()) {
            options = options.withScale(1);
        }
        return location.isFolder() && options.resize().isEmpty() ? options.withResize(ANY_SIZE) : options;
    }

    private List<Path> write(DataLocation location, CleanedData made) throws IOException {
        InvalidInputException.require(
                !made.photos()
                        || !out.toAbsolutePath()
                                .normalize()
                                .startsWith(location.path().toAbsolutePath().normalize()),
                "--out %s is inside the input folder %s; name another folder",
                out,
                location.path());
        try (OutputFolder folder = OutputFolder.open(out)) {
            folder.write(made::write);
        }
        return made.photos()
                ? List.of(out)
                : made.names().stream().map(out::resolve).toList();
    }

    private static Map<String, Integer> sizes(Cleaning labelled) {
        Map<String, Integer> sizes = new TreeMap<>();
        for (int row : labelled.remaining()) {
            sizes.merge(labelled.label(row), 1, Integer::sum);
        }
        return sizes;
    }

    private ObjectNode json(Cleaning labelled, List<Path> written) {
        ObjectNode json = CommonFlags.object()
                .put("rows", labelled.dropped().length)
                .put("excluded", labelled.droppedRows())
                .put("dryRun", dryRun);
        ObjectNode sizes = json.putObject("labels");
        sizes(labelled).forEach(sizes::put);
        ArrayNode files = json.putArray("written");
        written.forEach(file -> files.add(file.toString()));
        return json;
    }

    private List<String> lines(Cleaning labelled, List<Path> written) {
        List<String> lines = new ArrayList<>();
        Map<String, Integer> sizes = sizes(labelled);
        lines.add("%s%s, %s excluded"
                .formatted(
                        dryRun ? "would make: " : "",
                        Figures.plural(sizes.size(), "label", "labels"),
                        Figures.plural(labelled.droppedRows(), "row", "rows")));
        // All of them by name, or the largest.
        sizes.entrySet().stream()
                .sorted(sizes.size() > MAXIMUM_LINES ? LARGEST_FIRST : Map.Entry.comparingByKey())
                .limit(MAXIMUM_LINES)
                .forEach(entry -> lines.add("  %-6d %s".formatted(entry.getValue(), entry.getKey())));
        if (sizes.size() > MAXIMUM_LINES) {
            lines.add("  and %s more".formatted(Figures.plural(sizes.size() - MAXIMUM_LINES, "label", "labels")));
        }
        written.forEach(file -> lines.add("wrote " + file));
        return lines;
    }
}
