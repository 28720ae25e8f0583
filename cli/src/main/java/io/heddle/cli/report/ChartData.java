package io.heddle.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.study.ClassifierResult;
import io.heddle.cli.study.ClusteringResult;
import io.heddle.cli.study.StageTime;

/** The data of the page's charts. */
final class ChartData {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChartData() {}

    static String of(StudyView view) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode classes = root.putArray("classes");
        view.data().classNames().forEach(classes::add);
        root.set("train", integers(view.data().trainCounts()));
        root.set("test", integers(view.data().testCounts()));
        root.set("featureVariance", shares(view.clustering().varianceRatio()));
        root.set("pixelVariance", shares(view.data().pixelVarianceRatio()));
        ArrayNode ways = root.putArray("ways");
        view.ways().forEach(way -> ways.add(way(way)));
        root.set("scatter", scatter(view.clustering().scatter()));
        root.put("spriteColumns", view.spriteColumns());
        root.put("trained", view.data().train());
        root.set("rows", integers(view.study().images()));
        root.set("given", integers(view.study().labels()));
        ArrayNode stages = root.putArray("stages");
        for (StageTime t : view.stages()) {
            stages.addObject().put("title", t.stage().title()).put("seconds", Math.round(1000 * t.seconds()) / 1000.0);
        }
        ObjectNode cells = root.putObject("cells");
        for (StudyView.ClassifierView c : view.classifiers()) {
            cells.set(c.id(), cells(c.result()));
        }
        try {
            // An end tag inside a text would close the enclosing script element.
            return JSON.writeValueAsString(root).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ArrayNode cells(ClassifierResult result) {
        ArrayNode rows = JSON.createArrayNode();
        for (int[][] row : result.cellImages()) {
            ArrayNode cells = rows.addArray();
            for (int[] cell : row) {
                cells.add(integers(cell));
            }
        }
        return rows;
    }

    private static ObjectNode way(StudyView.Way way) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", way.id()).put("name", way.name());
        ArrayNode clusters = node.putArray("clusters");
        for (StudyView.ClusterView c : way.clusters()) {
            clusters.addObject()
                    .put("number", c.number())
                    .put("majority", c.majority())
                    .put("size", c.size())
                    .put("pure", c.pure());
        }
        ClusteringResult.Scatter scatter = way.result().scatter();
        node.set("assigned", integers(scatter.clusters()));
        ArrayNode distances = node.putArray("distances");
        for (float d : scatter.distances()) {
            distances.add(round(d, 1e3));
        }
        return node;
    }

    /** Writes the points; each method adds its clusters and the distances to the centres. */
    private static ArrayNode scatter(ClusteringResult.Scatter scatter) {
        ArrayNode points = JSON.createArrayNode();
        for (int i = 0; i < scatter.x().length; i++) {
            points.addArray()
                    .add(round(scatter.x()[i], 1e3))
                    .add(round(scatter.y()[i], 1e3))
                    .add(scatter.labels()[i])
                    .add(-1)
                    .add(scatter.thumbnails()[i])
                    .add(0);
        }
        return points;
    }

    private static ArrayNode shares(double[] values) {
        ArrayNode array = JSON.createArrayNode();
        for (double v : values) {
            array.add(round(v, 1e6));
        }
        return array;
    }

    private static ArrayNode integers(int[] values) {
        ArrayNode array = JSON.createArrayNode();
        for (int v : values) {
            array.add(v);
        }
        return array;
    }

    private static double round(double value, double scale) {
        return Math.round(value * scale) / scale;
    }
}
