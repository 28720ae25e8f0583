package io.heddle.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.audit.LabelIssue;
import io.heddle.cli.catalogue.Audit;
import io.heddle.cli.catalogue.Groups;
import io.heddle.cli.catalogue.Similar;
import io.heddle.metrics.ClusteringScores;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** What the commands for catalogues print with {@code --json}: keys are added but never renamed. */
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

    /** The content of group.json. */
    public static String of(Groups groups) {
        return object(json -> {
            json.writeStringField("data", groups.name());
            json.writeNumberField("rows", groups.assignments().length);
            json.writeNumberField("clusters", groups.clusters());
            json.writeNumberField("silhouette", groups.silhouette());
            json.writeFieldName("sizes");
            json.writeArray(groups.sizes(), 0, groups.sizes().length);
            json.writeStringField("features", groups.features());
            json.writeNumberField("dimensions", groups.dimensions());
            json.writeNumberField("components", groups.components());
            json.writeNumberField("explainedVarianceRatio", groups.explained());
            json.writeArrayFieldStart("tried");
            for (Groups.Tried t : groups.tried()) {
                json.writeStartObject();
                json.writeNumberField("clusters", t.clusters());
                json.writeNumberField("silhouette", t.silhouette());
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

    /** The content of similar.json. */
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
            // One query's neighbours stand there as they are, those of more queries each in an array of their own.
            boolean one = similar.queries().length == 1;
            for (int q = 0; q < similar.queries().length; q++) {
                if (!one) {
                    json.writeStartArray();
                }
                for (int rank = 0; rank < similar.top(); rank++) {
                    json.writeStartArray();
                    json.writeNumber(similar.neighbor(q, rank));
                    json.writeNumber(similar.similarity(q, rank));
                    json.writeEndArray();
                }
                if (!one) {
                    json.writeEndArray();
                }
            }
            json.writeEndArray();
        });
    }

    /** The content of audit.json. */
    public static String of(Audit audit) {
        return object(json -> {
            json.writeStringField("data", audit.name());
            json.writeNumberField("audited", audit.rows());
            json.writeNumberField("leftOut", audit.leftOut());
            json.writeNumberField("found", audit.issues().size());
            json.writeStringField("features", audit.features());
            json.writeNumberField("accuracy", audit.accuracy());
            json.writeNumberField("noise", audit.noise());
            json.writeNumberField("lambda", audit.lambda());
            json.writeNumberField("rounds", audit.rounds());
            json.writeNumberField("seconds", audit.seconds());
            List<String> names = audit.labels().classNames();
            json.writeArrayFieldStart("rows");
            for (LabelIssue i : audit.issues()) {
                json.writeStartObject();
                json.writeNumberField("index", i.index());
                json.writeStringField("given", names.get(i.given()));
                json.writeStringField("suggested", names.get(i.suggested()));
                json.writeNumberField("margin", i.margin());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
