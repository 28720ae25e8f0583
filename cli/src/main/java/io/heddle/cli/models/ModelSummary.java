package io.heddle.cli.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.options.ColumnAdvice;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.output.ColumnTable;
import io.heddle.cluster.KMeans;
import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.FittedColumn;
import io.heddle.preprocessing.TablePreprocessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Describes a model file as JSON or as lines of text. */
public final class ModelSummary {
    private static final int NAMES_SHOWN = 12;

    private final SavedModel model;

    public ModelSummary(SavedModel model) {
        this.model = model;
    }

    public ObjectNode json() {
        Provenance provenance = model.provenance();
        ObjectNode node = CommonFlags.object();
        node.put("kind", model.kind().text());
        node.put("formatVersion", Integer.parseInt(model.metadata().get("format_version")));
        node.put("inputs", model.featurePipeline().inputs());
        node.put("outputs", model.featurePipeline().outputs());
        ArrayNode stages = node.putArray("stages");
        model.stages().forEach(stage -> describe(stage, stages.addObject()));
        node.put("created", provenance.created().toString());
        node.put("dataSha256", provenance.dataSha256().orElse(null));
        node.put("seed", provenance.seed().orElse(null));
        ObjectNode options = node.putObject("options");
        provenance.options().forEach(options::put);
        ObjectNode versions = node.putObject("versions");
        provenance.versions().forEach(versions::put);
        ArrayNode names = node.putArray("classNames");
        provenance.classNames().forEach(names::add);
        if (provenance.encoder().isPresent()) {
            Provenance.EncoderReference encoder = provenance.encoder().get();
            node.putObject("encoder").put("name", encoder.name()).put("sha256", encoder.sha256());
        } else {
            node.putNull("encoder");
        }
        columns(node);
        Coefficients.of(model).ifPresent(c -> node.set("coefficients", c.json()));
        node.put("sha256", model.metadata().get("sha256"));
        return node;
    }

    /** Lists the used and the unused columns of a table. */
    private void columns(ObjectNode node) {
        if (model.tables().isEmpty()) {
            return;
        }
        TablePreprocessor preprocessor = model.tables().get().preprocessor();
        ArrayNode columns = node.putArray("columns");
        for (FittedColumn column : preprocessor.columns()) {
            ObjectNode entry = columns.addObject()
                    .put("name", column.column().name())
                    .put("type", ColumnTable.word(column.column().kind()))
                    .put("encoding", word(column.treatment().encoding()))
                    .put("missing", ColumnAdvice.word(column.treatment().missing()))
                    .put("shift", column.shift())
                    .put("factor", column.factor());
            if (column.column().kind() == Column.Kind.CATEGORY) {
                ArrayNode categories = entry.putArray("categories");
                column.column().categories().forEach(categories::add);
            }
        }
        Provenance.ColumnRoles roles = model.provenance().roles();
        node.put("labelColumn", roles.label().orElse(null))
                .put("idColumn", roles.id().orElse(null))
                .put("weightColumn", roles.weight().orElse(null));
        ArrayNode dropped = node.putArray("droppedColumns");
        roles.dropped().forEach(dropped::add);
    }

    private void columns(List<String> lines) {
        if (model.tables().isEmpty()) {
            return;
        }
        TablePreprocessor preprocessor = model.tables().get().preprocessor();
        lines.add(line(
                "columns",
                names(preprocessor.inputColumns().stream().map(Column::name).toList())));
        lines.add(line("features", preprocessor.features() + ", numbers centred"));
        Provenance.ColumnRoles roles = model.provenance().roles();
        roles.label().ifPresent(name -> lines.add(line("label column", name)));
        roles.id().ifPresent(name -> lines.add(line("ID column", name)));
        roles.weight().ifPresent(name -> lines.add(line("weight column", name)));
        if (!roles.dropped().isEmpty()) {
            lines.add(line("left out", names(roles.dropped())));
        }
    }

    private void describe(Stage stage, ObjectNode to) {
        to.put("kind", kind(stage)).put("inputs", stage.inputs()).put("outputs", stage.outputs());
        switch (stage) {
            case Stage.Scale s -> {}
            case Stage.Neighbors n -> to.put("rows", n.index().size());
            case Stage.Components c ->
                to.put("whitening", c.model().whitening())
                        .put("explainedVarianceRatio", explained(c))
                        .put("standardized", c.model().deviations().length > 0)
                        .put("solver", word(c.model().solver()))
                        .put("iterations", c.model().iterations())
                        .put("converged", c.model().converged());
            case Stage.Classifier c ->
                to.put("objective", known(c.model().objective()))
                        .put("nonZeros", c.model().nonZeros())
                        .put("certificate", word(c.model().certificate().kind()))
                        .put(
                                "certificateRelative",
                                known(c.model().certificate().relative()))
                        .put("iterations", c.model().iterations())
                        .put("converged", converged(c.model()));
            case Stage.Clusters c ->
                to.put("inertia", c.model().inertia())
                        .put("iterations", c.model().iterations())
                        .put("converged", c.model().converged())
                        .put("distance", word(c.model().distance()));
        }
    }

    /** Returns whether the fit converged; null if it is not known, as for imported models and older files. */
    private Boolean converged(LogisticModel classifier) {
        boolean known = !Double.isNaN(classifier.objective())
                && model.metadata().keySet().stream().anyMatch(key -> key.endsWith("converged"));
        return known ? classifier.converged() : null;
    }

    /** Omits unknown values, because JSON has no NaN. */
    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static String kind(Stage stage) {
        return switch (stage) {
            case Stage.Scale s -> "scale";
            case Stage.Components c -> "pca";
            case Stage.Classifier c -> "logistic";
            case Stage.Clusters c -> "kmeans";
            case Stage.Neighbors n -> "neighbors";
        };
    }

    private static double explained(Stage.Components components) {
        return Arrays.stream(components.model().explainedVarianceRatio()).sum();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    public List<String> lines() {
        Provenance provenance = model.provenance();
        List<String> lines = new ArrayList<>();
        lines.add(line("kind", model.kind().text()));
        model.stages().forEach(stage -> lines.add(line(model.stages().size() > 1 ? "stage" : "model", text(stage))));
        if (!provenance.classNames().isEmpty()) {
            lines.add(line("classes", names(provenance.classNames())));
        }
        columns(lines);
        provenance
                .encoder()
                .ifPresent(e -> lines.add(line("encoder", "%s (SHA-256 %s)".formatted(e.name(), e.sha256()))));
        lines.add(line("created", provenance.created()));
        provenance.dataSha256().ifPresent(hash -> lines.add(line("data", "SHA-256 " + hash)));
        provenance.seed().ifPresent(seed -> lines.add(line("seed", seed)));
        provenance.options().forEach((name, value) -> lines.add(line("option " + name, value)));
        provenance.versions().forEach((name, value) -> lines.add(line("version " + name, value)));
        lines.add(line("format version", model.metadata().get("format_version")));
        lines.add(line(
                "checksum", "SHA-256 %s, verified".formatted(model.metadata().get("sha256"))));
        Coefficients.of(model).ifPresent(c -> lines.addAll(c.lines(ModelFiles.classNames(model))));
        return lines;
    }

    private String text(Stage stage) {
        String shape = "%s %d -> %d".formatted(kind(stage), stage.inputs(), stage.outputs());
        return switch (stage) {
            case Stage.Scale s -> shape;
            case Stage.Neighbors n ->
                "%s, of %d rows".formatted(shape, n.index().size());
            case Stage.Components c ->
                "%s, %.1f %% of the variance%s%s%s"
                        .formatted(
                                shape,
                                100 * explained(c),
                                c.model().deviations().length > 0 ? ", standardized" : "",
                                c.model().whitening() > 0 ? ", whitened" : "",
                                c.model().converged() ? "" : ", not converged");
            case Stage.Classifier c -> shape + classifier(c.model());
            case Stage.Clusters c ->
                "%s, %sinertia %.6g after %d iterations%s"
                        .formatted(
                                shape,
                                c.model().distance() == KMeans.Distance.COSINE ? "cosine, " : "",
                                c.model().inertia(),
                                c.model().iterations(),
                                c.model().converged() ? "" : ", not converged");
        };
    }

    private String classifier(LogisticModel model) {
        Certificate certificate = model.certificate();
        if (Double.isNaN(model.objective())) {
            return ", objective not known, %d non-zero weights".formatted(model.nonZeros());
        }
        return ", objective %.6g (%s %.1e%s), %d non-zero weights"
                .formatted(
                        model.objective(),
                        word(certificate.kind()),
                        certificate.relative(),
                        Boolean.FALSE.equals(converged(model)) ? ", not converged" : "",
                        model.nonZeros());
    }

    private static String names(List<String> names) {
        String some = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
        return names.size() > NAMES_SHOWN ? "%s and %d more".formatted(some, names.size() - NAMES_SHOWN) : some;
    }

    private static String line(String name, Object value) {
        return "%-20s %s".formatted(name, value);
    }
}
