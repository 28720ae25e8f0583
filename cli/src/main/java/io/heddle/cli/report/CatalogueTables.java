package io.heddle.cli.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.heddle.audit.LabelIssue;
import io.heddle.audit.NeighborAudit;
import io.heddle.cli.catalogue.Audit;
import io.heddle.cli.catalogue.Groups;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.catalogue.Similar;
import io.heddle.cli.catalogue.SpreadsheetText;
import io.heddle.data.Labels;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The CSV files of the pages. A column without values is omitted. The last column is the {@code file} of a photo or the
 * {@code id} of a table's row.
 *
 * <p>Text that a spreadsheet would interpret as a formula gets an apostrophe as a prefix.
 */
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

    /** Returns text that spreadsheets do not run as a formula. */
    static String text(String cell) {
        return SpreadsheetText.of(cell);
    }

    private static List<String> header(RowNames names, String... columns) {
        List<String> all = new ArrayList<>(List.of(columns));
        if (names.present()) {
            all.add(names.kind());
        }
        return all;
    }

    private static List<String> record(RowNames names, int row, String... fields) {
        List<String> all = new ArrayList<>(List.of(fields));
        if (names.present()) {
            all.add(text(names.of(row)));
        }
        return all;
    }

    private static String number(RowNames names, int row) {
        return Integer.toString(names.number(row));
    }

    private static String label(Labels labels, int row) {
        return text(labels.classNames().get(labels.values()[row]));
    }

    /** Writes the group of each row: {@code index,cluster,distance,label,file}. */
    public static String assignments(Groups groups) {
        Optional<Labels> labels = groups.labels();
        return table(csv -> {
            csv.writeRecord(
                    labels.isPresent()
                            ? header(groups.names(), "index", "cluster", "distance", "label")
                            : header(groups.names(), "index", "cluster", "distance"));
            for (int i = 0; i < groups.assignments().length; i++) {
                String cluster = Integer.toString(groups.assignments()[i]);
                String distance = decimal(groups.distances()[i]);
                csv.writeRecord(
                        labels.isPresent()
                                ? record(
                                        groups.names(),
                                        i,
                                        number(groups.names(), i),
                                        cluster,
                                        distance,
                                        label(labels.get(), i))
                                : record(groups.names(), i, number(groups.names(), i), cluster, distance));
            }
        });
    }

    /**
     * Writes all neighbours: {@code query,rank,index,similarity,query_file,file}. The query is its row, or its number
     * in the query file.
     */
    public static String neighbors(Similar similar) {
        RowNames names = similar.names();
        return table(csv -> {
            csv.writeRecord(
                    names.present()
                            ? header(names, "query", "rank", "index", "similarity", "query_" + names.kind())
                            : header(names, "query", "rank", "index", "similarity"));
            for (int q = 0; q < similar.queries().length; q++) {
                String query = similar.queries()[q] < 0 ? Integer.toString(q) : number(names, similar.queries()[q]);
                for (int rank = 0; rank < similar.top(); rank++) {
                    int row = similar.neighbor(q, rank);
                    String place = Integer.toString(rank + 1);
                    String similarity = decimal(similar.similarity(q, rank));
                    csv.writeRecord(
                            names.present()
                                    ? record(
                                            names,
                                            row,
                                            query,
                                            place,
                                            number(names, row),
                                            similarity,
                                            text(similar.queryName(q)))
                                    : record(names, row, query, place, number(names, row), similarity));
                }
            }
        });
    }

    /** Writes all issues: {@code index,given,suggested,margin,file}. */
    public static String issues(Audit audit) {
        List<String> classes = audit.labels().classNames();
        return table(csv -> {
            csv.writeRecord(header(audit.names(), "index", "given", "suggested", "margin"));
            for (LabelIssue i : audit.issues()) {
                csv.writeRecord(record(
                        audit.names(),
                        i.index(),
                        number(audit.names(), i.index()),
                        text(classes.get(i.given())),
                        text(classes.get(i.suggested())),
                        decimal(i.margin())));
            }
        });
    }

    /**
     * Writes all duplicates and near duplicates, set by set: {@code set,index,label,exact,conflict,file}. A conflict
     * means that the labels of a set differ.
     */
    public static String duplicates(Audit audit) {
        List<NeighborAudit.DuplicateSet> sets =
                audit.neighbors().map(NeighborAudit::duplicates).orElse(List.of());
        return table(csv -> {
            csv.writeRecord(header(audit.names(), "set", "index", "label", "exact", "conflict"));
            for (int s = 0; s < sets.size(); s++) {
                NeighborAudit.DuplicateSet set = sets.get(s);
                String conflict = Boolean.toString(audit.conflicts(set));
                for (int row : set.rows()) {
                    csv.writeRecord(record(
                            audit.names(),
                            row,
                            Integer.toString(s),
                            number(audit.names(), row),
                            label(audit.labels(), row),
                            Boolean.toString(set.exact()),
                            conflict));
                }
            }
        });
    }

    /** Writes all outliers, the farthest first: {@code index,label,ratio,file}. */
    public static String outliers(Audit audit) {
        return table(csv -> {
            csv.writeRecord(header(audit.names(), "index", "label", "ratio"));
            audit.neighbors()
                    .map(NeighborAudit::outliers)
                    .orElse(List.of())
                    .forEach(o -> csv.writeRecord(record(
                            audit.names(),
                            o.row(),
                            number(audit.names(), o.row()),
                            label(audit.labels(), o.row()),
                            decimal(o.ratio()))));
        });
    }
}
