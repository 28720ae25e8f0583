package io.heddle.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.study.ClassifierResult;
import io.heddle.cli.study.ClusteringResult;
import io.heddle.cli.study.DataSummary;
import io.heddle.cli.study.FeatureClassifierResult;
import io.heddle.cli.study.StageTime;
import io.heddle.cli.study.StudyResult;
import io.heddle.metrics.ConfusionMatrix;
import java.util.List;

/** The content of metrics.json. Keys may be added, but are never renamed, because other programs read them. */
public final class MetricsJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private MetricsJson() {}

    /**
     * Returns a study's results as JSON.
     *
     * @param version version of Heddle
     * @return an indented object that ends with a line break
     */
    public static String of(StudyResult study, String version) {
        ObjectNode root = JSON.createObjectNode();
        root.put("heddle", version);
        DataSummary data = study.data();
        root.putObject("data")
                .put("name", data.name())
                .put("train", data.train())
                .put("test", data.test())
                .put("width", data.width())
                .put("height", data.height())
                .put("sample", study.options().sample().isPresent())
                .set("classes", texts(data.classNames()));
        root.set("logistic", classifier(study.logistic(), data.classNames()));
        root.set("elasticNet", classifier(study.elasticNet(), data.classNames()));
        root.set("clustering", clustering(study.clustering()));
        study.neighborClustering().ifPresent(c -> root.set("neighborClustering", clustering(c)));
        study.featureClassifier().ifPresent(c -> root.set("featureClassifier", featureClassifier(c)));
        ObjectNode pca = root.putObject("pca");
        pca.set("features", variance(study.clustering().varianceRatio()));
        pca.set("pixels", variance(data.pixelVarianceRatio()));
        root.set("stages", stages(study.stages()));
        root.put("seed", study.options().seed());
        root.put("seconds", study.seconds());
        root.putObject("environment")
                .put("cpu", study.environment().cpu())
                .put("threads", study.environment().threads())
                .put("lanes", study.environment().lanes())
                .put("java", study.environment().java())
                .put("os", study.environment().os());
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode classifier(ClassifierResult c, List<String> classNames) {
        ConfusionMatrix confusion = c.confusion();
        ConfusionMatrix.Scores macro = confusion.macro();
        ObjectNode node = JSON.createObjectNode()
                .put("lambda", c.lambda())
                .put("l1Ratio", c.l1Ratio())
                .put("accuracy", confusion.accuracy())
                .put("precision", macro.precision())
                .put("recall", macro.recall())
                .put("f1", macro.f1())
                .put("objective", c.objective());
        node.putObject("certificate").put("kind", c.certificateKind()).put("relative", c.certificate());
        node.put("nonZeros", c.nonZeros())
                .put("weights", c.weights().length)
                .put("iterations", c.iterations())
                .put("passes", c.passes())
                .put("seconds", c.seconds());
        ArrayNode perClass = node.putArray("classes");
        ArrayNode counts = node.putArray("confusion");
        for (int k = 0; k < confusion.classes(); k++) {
            perClass.addObject()
                    .put("name", classNames.get(k))
                    .put("precision", confusion.precision(k))
                    .put("recall", confusion.recall(k))
                    .put("f1", confusion.f1(k))
                    .put("support", confusion.support(k));
            ArrayNode row = counts.addArray();
            for (int p = 0; p < confusion.classes(); p++) {
                row.add(confusion.count(k, p));
            }
        }
        return node;
    }

    private static ObjectNode featureClassifier(FeatureClassifierResult c) {
        ConfusionMatrix.Scores macro = c.confusion().macro();
        ObjectNode node = JSON.createObjectNode()
                .put("encoder", c.encoder())
                .put("dimensions", c.dimensions())
                .put("lambda", c.lambda())
                .put("accuracy", c.confusion().accuracy())
                .put("precision", macro.precision())
                .put("recall", macro.recall())
                .put("f1", macro.f1());
        node.putObject("certificate").put("kind", c.certificateKind()).put("relative", c.certificate());
        return node.put("seconds", c.seconds());
    }

    private static ObjectNode clustering(ClusteringResult c) {
        ClusteringResult.Run chosen = c.chosen();
        ObjectNode node = JSON.createObjectNode()
                .put("encoder", c.encoder())
                .put("precision", c.precision())
                .put("inputSize", c.inputSize())
                .put("dimensions", c.dimensions())
                .put("components", c.components())
                .put("explainedVarianceRatio", c.explainedVariance())
                .put("clusters", c.sizes().length)
                .put("ari", chosen.scores().ari())
                .put("nmi", chosen.scores().nmi())
                .put("accuracy", chosen.scores().accuracy())
                .put("inertia", chosen.inertia())
                .put("iterations", chosen.iterations())
                .put("converged", chosen.converged());
        node.putObject("seconds")
                .put("features", c.seconds().features())
                .put("pca", c.seconds().pca())
                .put("kmeans", c.seconds().kmeans());
        ArrayNode sizes = node.putArray("sizes");
        ArrayNode majority = node.putArray("majorityLabels");
        for (int k = 0; k < c.sizes().length; k++) {
            sizes.add(c.sizes()[k]);
            majority.add(chosen.scores().majorityLabel(k));
        }
        ArrayNode seeds = node.putArray("seeds");
        for (ClusteringResult.Run run : c.runs()) {
            seeds.addObject()
                    .put("seed", run.seed())
                    .put("ari", run.scores().ari())
                    .put("nmi", run.scores().nmi())
                    .put("accuracy", run.scores().accuracy())
                    .put("inertia", run.inertia());
        }
        node.putObject("median")
                .put("ari", c.median(r -> r.scores().ari()))
                .put("nmi", c.median(r -> r.scores().nmi()))
                .put("accuracy", c.median(r -> r.scores().accuracy()));
        return node;
    }

    private static ObjectNode variance(double[] ratio) {
        ObjectNode node = JSON.createObjectNode();
        double sum = 0;
        ArrayNode each = JSON.createArrayNode();
        for (double r : ratio) {
            sum += r;
            each.add(r);
        }
        node.put("components", ratio.length).put("explainedVarianceRatio", sum).set("ratios", each);
        return node;
    }

    private static ArrayNode stages(List<StageTime> stages) {
        ArrayNode array = JSON.createArrayNode();
        for (StageTime t : stages) {
            ObjectNode node = array.addObject().put("stage", t.stage().key()).put("seconds", t.seconds());
            if (t.items() > 0) {
                node.put("items", t.items()).put("unit", t.unit()).put("perSecond", t.throughput());
            }
        }
        return array;
    }

    private static ArrayNode texts(List<String> values) {
        ArrayNode array = JSON.createArrayNode();
        values.forEach(array::add);
        return array;
    }
}
