package io.heddle.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.audit.LabelIssue;
import io.heddle.audit.NeighborAudit;
import io.heddle.cli.catalogue.Audit;
import io.heddle.cli.catalogue.Groups;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.catalogue.Similar;
import io.heddle.metrics.ClusteringScores;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalDouble;

/** The JSON of the commands for catalogues. Keys may be added, but are never renamed. */
public final class CatalogueJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CatalogueJson() {}

    private interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static String object(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            content.writeTo(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    /** Writes a score; null if it is undefined. */
    private static void score(JsonGenerator json, String name, OptionalDouble score) throws IOException {
        json.writeFieldName(name);
        if (score.isPresent() && Double.isFinite(score.getAsDouble())) {
            json.writeNumber(score.getAsDouble());
        } else {
            json.writeNull();
        }
    }

    private static void strings(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** Writes the name of a row, if it has one. */
    private static void name(JsonGenerator json, RowNames names, int row) throws IOException {
        if (names.present()) {
            json.writeStringField(names.kind(), names.of(row));
        }
    }

    /** Returns the content of group.json. */
    public static String of(Groups groups) {
        return object(json -> {
            json.writeStringField("data", groups.name());
            json.writeStringField("sha256", groups.hash());
            json.writeNumberField("rows", groups.assignments().length);
            json.writeNumberField("clusters", groups.clusters());
            json.writeBooleanField("converged", groups.converged());
            score(json, "silhouette", groups.silhouette());
            strings(json, "missing", groups.unscored());
            json.writeFieldName("sizes");
            json.writeArray(groups.sizes(), 0, groups.sizes().length);
            json.writeArrayFieldStart("empty");
            for (int k : groups.empty()) {
                json.writeNumber(k);
            }
            json.writeEndArray();
            json.writeStringField("features", groups.features());
            json.writeNumberField("dimensions", groups.dimensions());
            json.writeNumberField("components", groups.components());
            json.writeNumberField("explainedVarianceRatio", groups.explained());
            json.writeArrayFieldStart("tried");
            for (Groups.Tried t : groups.tried()) {
                json.writeStartObject();
                json.writeNumberField("clusters", t.clusters());
                score(json, "silhouette", t.silhouette());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (groups.scores().isPresent()) {
                ClusteringScores scores = groups.scores().get();
                json.writeNumberField("ari", scores.ari());
                json.writeNumberField("nmi", scores.nmi());
            }
            json.writeNumberField("seconds", groups.seconds());
        });
    }

    /** Returns the content of similar.json. */
    public static String of(Similar similar) {
        return object(json -> {
            json.writeStringField("data", similar.name());
            json.writeNumberField("rows", similar.rows());
            json.writeStringField("query", similar.place());
            json.writeStringField("features", similar.features());
            json.writeStringField("metric", similar.metric());
            if (similar.sameLabel().length > 0) {
                json.writeNumberField("sameLabel", similar.meanSameLabel());
            }
            json.writeNumberField("seconds", similar.seconds());
            json.writeArrayFieldStart("neighbours");
            // The neighbours of a single query are one array; those of several queries are an array of arrays.
            boolean one = similar.queries().length == 1;
            for (int q = 0; q < similar.queries().length; q++) {
                if (!one) {
                    json.writeStartArray();
                }
                for (int rank = 0; rank < similar.top(); rank++) {
                    json.writeStartArray();
                    json.writeNumber(similar.names().number(similar.neighbor(q, rank)));
                    json.writeNumber(similar.similarity(q, rank));
                    json.writeEndArray();
                }
                if (!one) {
                    json.writeEndArray();
                }
            }
            json.writeEndArray();
            if (similar.names().present()) {
                names(json, similar, one);
            }
        });
    }

    /** Writes the names of the queries and their neighbours, in the order of the neighbours above. */
    private static void names(JsonGenerator json, Similar similar, boolean one) throws IOException {
        json.writeObjectFieldStart("names");
        json.writeStringField("kind", similar.names().kind());
        json.writeArrayFieldStart("queries");
        for (int q = 0; q < similar.queries().length; q++) {
            json.writeString(similar.queryName(q));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("neighbours");
        for (int q = 0; q < similar.queries().length; q++) {
            if (!one) {
                json.writeStartArray();
            }
            for (int rank = 0; rank < similar.top(); rank++) {
                json.writeString(similar.names().of(similar.neighbor(q, rank)));
            }
            if (!one) {
                json.writeEndArray();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Returns the content of audit.json. */
    public static String of(Audit audit) {
        return object(json -> {
            json.writeStringField("data", audit.name());
            json.writeStringField("sha256", audit.hash());
            json.writeNumberField("audited", audit.rows());
            json.writeNumberField("leftOut", audit.leftOut());
            json.writeNumberField("found", audit.issues().size());
            json.writeStringField("features", audit.features());
            json.writeNumberField("accuracy", audit.accuracy());
            json.writeNumberField("noise", audit.noise());
            score(json, "lambda", OptionalDouble.of(audit.lambda()));
            json.writeNumberField("iterations", audit.iterations());
            json.writeBooleanField("converged", audit.converged());
            json.writeNumberField("seconds", audit.seconds());
            List<String> names = audit.labels().classNames();
            json.writeArrayFieldStart("rows");
            for (LabelIssue i : audit.issues()) {
                json.writeStartObject();
                json.writeNumberField("index", audit.names().number(i.index()));
                json.writeStringField("given", names.get(i.given()));
                json.writeStringField("suggested", names.get(i.suggested()));
                json.writeNumberField("margin", i.margin());
                name(json, audit.names(), i.index());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (audit.neighbors().isPresent()) {
                neighbors(json, audit, audit.neighbors().get());
            }
        });
    }

    private static void neighbors(JsonGenerator json, Audit audit, NeighborAudit found) throws IOException {
        List<String> classes = audit.labels().classNames();
        int[] labels = audit.labels().values();
        json.writeArrayFieldStart("duplicates");
        for (NeighborAudit.DuplicateSet set : found.duplicates()) {
            json.writeStartObject();
            json.writeBooleanField("exact", set.exact());
            json.writeBooleanField("conflict", audit.conflicts(set));
            json.writeArrayFieldStart("rows");
            for (int row : set.rows()) {
                json.writeStartObject();
                json.writeNumberField("index", audit.names().number(row));
                json.writeStringField("label", classes.get(labels[row]));
                name(json, audit.names(), row);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("outliers");
        for (NeighborAudit.Outlier o : found.outliers()) {
            json.writeStartObject();
            json.writeNumberField("index", audit.names().number(o.row()));
            json.writeStringField("label", classes.get(labels[o.row()]));
            json.writeNumberField("ratio", o.ratio());
            name(json, audit.names(), o.row());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
