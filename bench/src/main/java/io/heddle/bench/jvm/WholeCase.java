package io.heddle.bench.jvm;

import com.sun.management.OperatingSystemMXBean;
import io.heddle.audit.LabelAudit;
import io.heddle.audit.LabelIssue;
import io.heddle.bench.BenchData;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.internal.kernels.Simd;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Runs a small complete case: fits of a classifier, components and clusters, predictions of single and of many rows,
 * and an audit. Prints the floats in a vector, a hash of the bits of all results, and the seconds of processor time.
 */
public final class WholeCase {
    private static final int SHOWN_DIGITS = 12;

    private final MessageDigest digest;

    private WholeCase() throws NoSuchAlgorithmException {
        digest = MessageDigest.getInstance("SHA-256");
    }

    /** @param arguments the name of the data, see {@link BenchData#of} */
    public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
        try (BenchData data = BenchData.of(arguments[0])) {
            String hash = hash(data);
            long nanos = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
            System.out.printf("%d %s %.1f%n", Simd.lanes(), hash, nanos / 1e9);
        }
    }

    /** The first digits of a hash of all results. */
    static String hash(BenchData data) throws NoSuchAlgorithmException {
        WholeCase results = new WholeCase();
        results.classify(data);
        results.reduce(data);
        results.group(data);
        for (LabelIssue issue : LabelAudit.run(data.train(), data.trainLabels(), LabelAudit.Options.defaults())
                .issues()) {
            results.add(issue.index());
            results.add(issue.margin());
        }
        return HexFormat.of().formatHex(results.digest.digest()).substring(0, SHOWN_DIGITS);
    }

    private void classify(BenchData data) {
        try (LogisticModel model = LogisticRegression.fit(
                        data.train(), data.trainLabels(), LogisticRegression.Options.defaults());
                FloatMatrix probabilities = model.probabilities(data.test())) {
            add(model.weights());
            add(probabilities);
            float[] row = new float[data.test().columns()];
            for (long i = 0; i < data.test().rows(); i++) {
                data.test().getRow(i, row);
                add(model.predict(row));
            }
        }
    }

    private void reduce(BenchData data) {
        try (PcaModel model = Pca.fit(
                        data.train(),
                        Pca.Options.defaults()
                                .withComponents(Math.min(20, data.train().columns() / 2)));
                FloatMatrix coordinates = model.transform(data.test())) {
            add(model.components());
            add(coordinates);
        }
    }

    private void group(BenchData data) {
        for (KMeans.Algorithm algorithm : KMeans.Algorithm.values()) {
            KMeans.Options options =
                    KMeans.Options.defaults().withClusters(data.classes()).withAlgorithm(algorithm);
            try (KMeansModel model = KMeans.fit(data.train(), options)) {
                add(model.centroids());
                for (int label : model.predict(data.test())) {
                    add(label);
                }
            }
        }
    }

    private void add(FloatMatrix matrix) {
        float[] row = new float[matrix.columns()];
        ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES);
        for (long i = 0; i < matrix.rows(); i++) {
            matrix.getRow(i, row);
            bytes.clear().asFloatBuffer().put(row);
            digest.update(bytes.array());
        }
    }

    private void add(double value) {
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    }
}
