package io.heddle.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.options.CommonFlags;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The description of data of the {@code data} commands. */
public final class DataSummaryLines {
    private static final int WIDTH = 80;

    private DataSummaryLines() {}

    public static ObjectNode json(DataSource data) {
        return CommonFlags.object()
                .put("rows", data.rows())
                .put("columns", data.columns())
                .put("dtype", data.dtype())
                .put("labels", data.labels().isPresent())
                .put("classes", data.labels().map(Labels::classes).orElse(0));
    }

    public static List<String> text(DataSource data) {
        List<String> lines = new ArrayList<>();
        lines.add(CommonFlags.line("name", data.name()));
        lines.add(CommonFlags.line("rows", data.rows()));
        lines.add(CommonFlags.line("columns", data.columns()));
        lines.add(CommonFlags.line("dtype", data.dtype()));
        data.images().ifPresent(s -> lines.add(CommonFlags.line("images", s)));
        lines.add(CommonFlags.line("labels", data.labels().isPresent() ? "yes" : "no"));
        data.labels().ifPresent(labels -> lines.addAll(classes(labels)));
        return lines;
    }

    /**
     * Returns the description of a written file.
     *
     * @param labelled whether the file has the labels
     * @param labelName name of the label column, if it has one
     */
    public static List<String> converted(
            DataSource data, long rows, Path out, boolean labelled, Optional<String> labelName) {
        String labels = !labelled
                ? "; the labels are left out, because .npy holds one array: .npz holds them"
                : labelName.isPresent() && !labelName.get().equals("label")
                        ? ", with labels in column '%s'".formatted(labelName.get())
                        : ", with labels";
        return List.of("%s: %d rows of %d values%s"
                .formatted(out, rows, data.columns(), data.labels().isPresent() ? labels : ""));
    }

    /** Returns lines with the number of rows of each class. */
    private static List<String> classes(Labels labels) {
        int[] counts = new int[labels.classes()];
        for (int label : labels.values()) {
            counts[label]++;
        }
        List<String> lines = new ArrayList<>();
        lines.add(CommonFlags.line("classes", counts.length));
        int most = 20;
        for (int c = 0; c < Math.min(most, counts.length); c++) {
            String name = labels.classNames().get(c);
            int room = WIDTH - 34;
            lines.add("%20s %10d  %s".formatted("", counts[c], name.length() <= room ? name : name.substring(0, room)));
        }
        if (counts.length > most) {
            lines.add("%20s %10s  and %d more".formatted("", "", counts.length - most));
        }
        return lines;
    }
}
