package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.PartitionedRows;
import io.heddle.linear.RegularizationPath;
import io.heddle.linear.RowPartition;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.linear}. */
class LinearExamplesTest {
    private final int[] labels = ExampleData.labels();

    @Test
    void logisticRegression() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="logistic-regression"
            var options = LogisticRegression.Options.defaults().withLambda(1e-4).withL1Ratio(0.5);
            try (LogisticModel model = LogisticRegression.fit(x, labels, options)) {
                int[] predicted = model.predict(x);
                // @end
                assertThat(predicted).isEqualTo(labels);
            }
        }
    }

    @Test
    void rowWeights() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="row-weights"
            double[] weights = new double[labels.length];
            Arrays.fill(weights, 1);
            weights[0] = 2; // as if the first row were there twice
            var options = LogisticRegression.Options.defaults().withClassWeights(Map.of(1, 5.0));
            try (LogisticModel model = LogisticRegression.fit(x, labels, weights, options, WorkerPool.shared())) {
                boolean optimum = model.converged(); // whether the certificate is within the tolerance
                // @end
                assertThat(optimum).isTrue();
            }
        }
    }

    @Test
    void groupedPenalty() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="grouped"
            var options = LogisticRegression.Options.defaults()
                    .withLambda(0.05)
                    .withL1Ratio(1)
                    .withGrouped(true); // a column has weights in all classes or in none
            try (LogisticModel model = LogisticRegression.fit(x, labels, options)) {
                long columns = model.nonZeros() / model.classes();
                // @end
                assertThat(columns * model.classes()).isEqualTo(model.nonZeros());
                assertThat(columns).isPositive();
            }
        }
    }

    @Test
    void logisticModel() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="logistic-model"
            try (LogisticModel model = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())) {
                Certificate certificate = model.certificate(); // no optimum is lower by more than relative() times it
                float[] row = new float[model.features()];
                x.getRow(0, row);
                float[] probabilities = new float[model.classes()];
                model.probabilities(row, probabilities);
                int label = model.predict(row); // on the calling thread, without allocation
                // @end
                assertThat(certificate.relative()).isLessThan(1e-3);
                assertThat(label).isEqualTo(labels[0]);
                assertThat(probabilities[label]).isGreaterThan(0.5f);
            }
        }
    }

    @Test
    void partitionedRows() {
        WorkerPool pool = WorkerPool.shared();
        int half = labels.length / 2;
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="partitioned-rows"
            var top = new RowPartition.Block(x.rows(0, half), Arrays.copyOfRange(labels, 0, half), null);
            var bottom = new RowPartition.Block(
                    x.rows(half, labels.length), Arrays.copyOfRange(labels, half, labels.length), null);
            try (var a = new RowPartition(0, List.of(top), pool);
                    var b = new RowPartition(1, List.of(bottom), pool)) {
                PartitionedRows rows = new PartitionedRows() {
                    @Override
                    public <T extends Serializable> List<T> collect(Task<T> task) {
                        return List.of(a.run(task), b.run(task)); // each may run on another machine
                    }
                };
                var options = LogisticRegression.Options.defaults();
                try (LogisticModel model = LogisticRegression.fit(rows, options, pool)) {
                    double gap = model.certificate().relative(); // over all partitions
                    // @end
                    assertThat(gap).isLessThan(1e-4);
                }
            }
        }
    }

    @Test
    void regularizationPath() {
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="path"
            var options = LogisticRegression.Options.defaults().withL1Ratio(1);
            WorkerPool pool = WorkerPool.shared();
            double largest = RegularizationPath.largestLambda(x, labels, options, pool);
            double[] lambdas = RegularizationPath.lambdas(largest, 1e-3, 10);
            List<LogisticModel> models = RegularizationPath.fit(x, labels, lambdas, options, pool);
            models.forEach(model -> System.out.println(model.nonZeros()));
            models.forEach(LogisticModel::close);
            // @end
            assertThat(models).hasSize(10);
        }
    }
}
