package io.heddle.cli.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.heddle.audit.LabelIssue;
import io.heddle.cli.catalogue.Audit;
import io.heddle.cli.catalogue.FileNames;
import io.heddle.cli.catalogue.Groups;
import io.heddle.cli.catalogue.Similar;
import io.heddle.cli.data.DataSource;
import io.heddle.cli.data.Labels;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The CSV files beside the pages. A column is left out where the data have nothing to fill it. */
public final class CatalogueTables {
    private CatalogueTables() {}

    private interface Content {
        void writeTo(CsvWriter csv);
    }

    private static String table(Content content) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().build(text)) {
            content.writeTo(csv);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    /** Which row is in which group: {@code index,cluster,distance,label,file}. */
    public static String assignments(Groups groups, DataSource data) {
        boolean files = data.file(0).isPresent();
        Optional<Labels> labels = groups.labels();
        return table(csv -> {
            csv.writeRecord(header(List.of("index", "cluster", "distance"), labels.isPresent(), files));
            for (int i = 0; i < groups.assignments().length; i++) {
                List<String> fields = new ArrayList<>();
                fields.add(Integer.toString(i));
                fields.add(Integer.toString(groups.assignments()[i]));
                fields.add(decimal(groups.distances()[i]));
                if (labels.isPresent()) {
                    fields.add(labels.get().classNames().get(labels.get().values()[i]));
                }
                if (files) {
                    fields.add(data.file(i).map(FileNames::shortName).orElse(""));
                }
                csv.writeRecord(fields);
            }
        });
    }

    private static List<String> header(List<String> names, boolean labels, boolean files) {
        List<String> all = new ArrayList<>(names);
        if (labels) {
            all.add("label");
        }
        if (files) {
            all.add("file");
        }
        return all;
    }

    /** All neighbours: {@code query,rank,index,similarity}; the query is its row, or its number in the query file. */
    public static String neighbors(Similar similar) {
        return table(csv -> {
            csv.writeRecord("query", "rank", "index", "similarity");
            for (int q = 0; q < similar.queries().length; q++) {
                String query = Integer.toString(similar.queries()[q] < 0 ? q : similar.queries()[q]);
                for (int rank = 0; rank < similar.top(); rank++) {
                    csv.writeRecord(
                            query,
                            Integer.toString(rank + 1),
                            Integer.toString(similar.neighbor(q, rank)),
                            decimal(similar.similarity(q, rank)));
                }
            }
        });
    }

    /** All issues: {@code index,given,suggested,margin,file}. */
    public static String issues(Audit audit) {
        boolean files = !audit.files().isEmpty();
        List<String> names = audit.labels().classNames();
        return table(csv -> {
            csv.writeRecord(header(List.of("index", "given", "suggested", "margin"), false, files));
            for (int rank = 0; rank < audit.issues().size(); rank++) {
                LabelIssue i = audit.issues().get(rank);
                List<String> fields = new ArrayList<>(List.of(
                        Integer.toString(i.index()),
                        names.get(i.given()),
                        names.get(i.suggested()),
                        decimal(i.margin())));
                if (files) {
                    fields.add(audit.files().get(rank));
                }
                csv.writeRecord(fields);
            }
        });
    }
}
