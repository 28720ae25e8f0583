package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.ColumnAdvice;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.RoundedWholes;
import io.heddle.cli.output.ColumnTable;
import io.heddle.cli.output.DataSummaryLines;
import io.heddle.cli.terminal.Activity;
import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataSource;
import io.heddle.files.DataFormatException;
import io.heddle.parallel.WorkerPool;
import io.heddle.preprocessing.ColumnDecision;
import io.heddle.preprocessing.ColumnSummary;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code heddle data info}: what is in a file or folder. */
@Command(
        name = "info",
        description =
                "Says what data hold: rows, columns, labels and classes, and of a table each column with its type, range, "
                        + "missing values and distinct values.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle data info fashion-mnist",
            "  heddle data info products.csv --label category",
            "  heddle data info photos/ --resize 96x96 --json"
        })
final class DataInfoCommand implements Callable<Integer> {
    /** Columns without names, such as those of an array, that are still of interest one by one. */
    private static final int MOST_UNNAMED = 50;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    /** A row without a label, which training would refuse, is no reason to tell nothing. */
    private DataSource open() throws IOException {
        try {
            return flags.open(data, common.err());
        } catch (DataFormatException e) {
            if (!flags.namesLabels()) {
                throw e;
            }
            return DataSource.open(data, ModelFiles.lenient(flags.options()), PlainText.notes(common.err()));
        }
    }

    private static void describe(DataSource source, Table table, ObjectNode node, List<String> lines) {
        ColumnTable columns = new ColumnTable(ColumnSummary.of(table, WorkerPool.shared()));
        List<ColumnDecision> open = TablePreprocessor.decisions(table, TablePreprocessor.Options.defaults());
        node.set("tableColumns", columns.json());
        lines.addAll(columns.lines());
        ArrayNode undecided = node.putArray("needDecision");
        open.forEach(decision -> undecided.add(decision.column().name()));
        if (!open.isEmpty()) {
            String usual = new ColumnAdvice(source.name(), table.columns().size(), open).flags();
            node.put("usualDecision", usual);
            lines.add("");
            lines.add(
                    "%d of the columns need a decision before they can be learned from; the usual one, but for the column of labels:"
                            .formatted(open.size()));
            lines.add("  " + usual);
        }
    }

    @Override
    public Integer call() throws IOException {
        common.begin();
        try (Activity activity = Activity.start(common.err(), "Reading " + data);
                DataSource source = open()) {
            source.verify();
            ObjectNode node = DataSummaryLines.json(source);
            List<String> lines = DataSummaryLines.text(source);
            if (flags.namesLabels() && source.labels().isEmpty()) {
                lines.add(CommonFlags.line("", "not every row has a label"));
            }
            Optional<Table> table =
                    source.table().filter(t -> t.named() || t.columns().size() <= MOST_UNNAMED);
            if (table.isPresent()) {
                describe(source, table.get(), node, lines);
            }
            activity.close();
            if (table.isPresent()) {
                RoundedWholes.note(source, table.get(), common.err());
            }
            common.result(node, lines);
        }
        return 0;
    }
}
