package io.heddle.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.cli.study.ClassifierResult;
import io.heddle.cli.study.ClusteringResult;
import io.heddle.cli.study.StageTime;
import java.util.stream.IntStream;

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
        view.ways().forEach(way -> ways.add(way(way, view.study().images())));
        root.set("shown", integers(view.clustering().scatter().thumbnails()));
        map(root, view);
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

    private static ObjectNode way(StudyView.Way way, int[] images) {
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
        node.set(
                "assigned",
                integers(IntStream.of(scatter.thumbnails())
                        .map(t -> scatter.clusters()[images[t]])
                        .toArray()));
        ArrayNode distances = node.putArray("distances");
        for (float d : scatter.distances()) {
            distances.add(round(d, 1e3));
        }
        return node;
    }

    /** Writes all images as points, with their labels, their clusters by each method, and the predicted classes. */
    private static void map(ObjectNode root, StudyView view) {
        ClusteringResult.Scatter scatter = view.clustering().scatter();
        int train = view.data().train();
        MapData map = MapData.of(root, view.plane(), RowNames.NONE).kind("label", row -> scatter.labels()[row]);
        for (StudyView.Way way : view.ways()) {
            int[] clusters = way.result().scatter().clusters();
            map.kind("group-" + way.id(), row -> clusters[row]);
        }
        for (StudyView.ClassifierView c : view.classifiers()) {
            int[] predicted = c.result().predicted();
            map.kind("predicted-" + c.id(), row -> row < train ? -1 : predicted[row - train]);
        }
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
