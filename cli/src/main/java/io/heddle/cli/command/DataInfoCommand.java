package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.ColumnAdvice;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.RoundedWholes;
import io.heddle.cli.options.RowCounters;
import io.heddle.cli.options.SuspectNumbers;
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

/** {@code heddle data info}: describes a file or folder. */
@Command(
        name = "info",
        description =
                "Describes data: rows, columns, labels and classes, and for tables each column with its type, range, "
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
    /** Maximum number of columns without names, such as those of an array, that are listed. */
    private static final int MAXIMUM_UNNAMED = 50;

    @Parameters(paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    /** Rows without a label, which training would refuse, are accepted here. */
    private DataSource open() throws IOException {
        try {
            return DataSource.open(data, ModelFiles.withoutLabelsToo(flags.options()), PlainText.notes(common.err()));
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
            lines.add("%d of the columns need an option for training; the usual ones, without the label column:"
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
                    source.table().filter(t -> t.named() || t.columns().size() <= MAXIMUM_UNNAMED);
            if (table.isPresent()) {
                describe(source, table.get(), node, lines);
            }
            activity.close();
            if (table.isPresent()) {
                RoundedWholes.note(source, table.get(), common.err());
                RowCounters.note(source, table.get(), common.err());
                SuspectNumbers.note(source, table.get(), common.err());
            }
            common.result(node, lines);
        }
        return 0;
    }
}
