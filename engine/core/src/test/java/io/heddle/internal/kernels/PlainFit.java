package io.heddle.internal.kernels;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import java.util.SplittableRandom;

/**
 * Fits a logistic regression with an L1 penalty, in float first, and prints the kernels, whether the fit converged, its
 * iterations and its certificate. The data are those of {@code PartitionedLogisticTest}, where the scalar twins do not
 * reach the tolerance in float. Run in a separate JVM by {@link WithoutVectorModuleTest}.
 */
public final class PlainFit {
    private static final int ROWS = 6_000;
    private static final int COLUMNS = 20;
    private static final int CLASSES = 5;

    private PlainFit() {}

    /** Fits and prints one line. */
    public static void main(String[] arguments) {
        SplittableRandom random = new SplittableRandom(11);
        int[] labels = new int[ROWS];
        Options options = Options.defaults()
                .withLambda(1e-3)
                .withL1Ratio(1)
                .withStandardize(false)
                .withTolerance(1e-6);
        try (FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS)) {
            for (int i = 0; i < ROWS; i++) {
                labels[i] = i * CLASSES / ROWS;
                if (i % 7 != 0) {
                    random.nextDouble(); // the weights of that test
                }
                for (int j = 0; j < COLUMNS - 1; j++) {
                    double centre = j % CLASSES == labels[i] ? 1 : 0;
                    x.set(i, j, (float) ((centre + random.nextGaussian()) * (1 + j % 3) + j));
                }
                x.set(i, COLUMNS - 1, 3.5f);
            }
            try (LogisticModel model = LogisticRegression.fit(x, labels, options)) {
                String kernels = Simd.kernels().getClass().getSimpleName();
                String end = model.converged() && model.certificate().relative() <= options.tolerance()
                        ? "converged"
                        : "did not converge";
                System.out.println(
                        kernels + " " + end + ", " + model.iterations() + " iterations, " + model.certificate());
            }
        }
    }
}
