package io.heddle.linear;

import io.heddle.internal.rows.RowSample;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.linear.LogisticRegression.Progress;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Fits prepared rows: first in float if there are many, then in double. The fit ends in float if the tolerance is
 * reached and a sample of the rows confirms the losses. Otherwise the objective and the certificate are computed in
 * double, and iterations continue in double.
 */
final class LogisticSolver implements AutoCloseable {
    /** Elements times classes up to which double is as fast: a pass takes milliseconds in both. */
    private static final double SMALL = 1 << 19;

    /**
     * Number of rows whose losses in float are compared with those in double, and their maximum relative difference.
     */
    private static final int SAMPLE = 2_048;

    private static final double AGREEMENT = 3e-7;
    /** Elements times classes up to which the loss of all rows in double takes some milliseconds. */
    private static final double MAXIMUM_MEASURED = 1 << 24;

    /** At this tolerance or below, or for an objective below this, sums in double are used. */
    private static final double FINE_TOLERANCE = 1e-5;

    private static final double SMALL_OBJECTIVE = 1e-2;

    private final TrainingRows rows;
    private final WorkerPool pool;
    private SoftmaxLoss floats;
    private ExactLoss exact;

    LogisticSolver(TrainingRows rows, WorkerPool pool) {
        this.rows = rows;
        this.pool = pool;
    }

    /** Whether the fit starts in float. */
    static boolean startsInFloat(TrainingRows rows) {
        return !small(rows.count(), rows.x().columns(), rows.classes())
                && !rows.transform().coarse();
    }

    static boolean small(long rows, int columns, int classes) {
        return (double) rows * columns * classes <= SMALL;
    }

    /**
     * @param parameters start, overwritten by the solution
     * @param last whether memory for floats can be freed before the iterations in double
     */
    LogisticModel fit(Penalty penalty, double[] parameters, Options options, boolean last) {
        int iterations = 0;
        int passes = 0;
        if (startsInFloat(rows)) {
            if (floats == null) {
                floats = new SoftmaxLoss(rows, pool);
            }
            int before = floats.passes();
            double tolerance = floatTolerance(penalty, rows, options);
            ProximalNewton.State end = solve(floats, penalty, parameters, tolerance, options, 0, 0, pool);
            iterations = end.iterations();
            passes = floats.passes() - before;
            if (end.converged() && options.tolerance() > FINE_TOLERANCE && confirmed(end.objective(), parameters)) {
                return model(rows, parameters, end, iterations, passes);
            }
            if (last) {
                floats.close();
                floats = null;
            }
        }
        if (exact == null) {
            exact = ExactLoss.of(rows, pool);
        }
        int before = exact.passes();
        ProximalNewton.State end =
                solve(exact, penalty, parameters, options.tolerance(), options, iterations, passes, pool);
        return model(rows, parameters, end, iterations + end.iterations(), passes + exact.passes() - before);
    }

    /**
     * The tolerance at which iterations in float end. Without a smooth part the gap is the difference of nearly equal
     * sums, with a rounding error of 1e-8 of each, and without intercepts columns are not centred. Smaller tolerances
     * are reached by iterations in double.
     */
    static double floatTolerance(Penalty penalty, TrainingRows rows, Options options) {
        boolean coarse = penalty.hasDual() && !penalty.hasSmoothPart()
                || rows.transform().constant() == 0;
        return coarse ? Math.max(options.tolerance(), FINE_TOLERANCE) : options.tolerance();
    }

    /** Whether the losses of a sample of the rows are the same in double; false if all rows are as fast. */
    private boolean confirmed(double objective, double[] parameters) {
        return objective >= SMALL_OBJECTIVE
                && rows.count() > MAXIMUM_MEASURED / rows.width() / rows.classes()
                && agrees(floats, objective, parameters, pool);
    }

    /**
     * Whether the losses of a sample of the rows are the same in double.
     *
     * @param floats at the parameters
     * @param objective to which their difference is compared
     */
    static boolean agrees(SoftmaxLoss floats, double objective, double[] parameters, WorkerPool pool) {
        TrainingRows rows = floats.data();
        int count = Math.min(SAMPLE, rows.count());
        long[] chosen = RowSample.choose(rows.count(), count, new SplittableRandom(rows.count()));
        TrainingRows sample = rows.gather(chosen, pool);
        try (var x = sample.x()) {
            double exactly = ExactLoss.measure(sample, parameters, new double[parameters.length], pool);
            double weights = sample.weights() == null
                    ? count
                    : Arrays.stream(sample.weights()).sum();
            double difference = floats.meanLoss(chosen) - exactly * count / weights;
            return Math.abs(difference) <= AGREEMENT * objective;
        }
    }

    /**
     * Runs the solver and reports its progress.
     *
     * @param iterations done before, of those that the options allow
     * @param passes done before
     */
    static ProximalNewton.State solve(
            Loss loss,
            Penalty penalty,
            double[] parameters,
            double tolerance,
            Options options,
            int iterations,
            int passes,
            WorkerPool pool) {
        int before = loss.passes();
        return ProximalNewton.solve(
                loss,
                penalty,
                parameters,
                false,
                tolerance,
                options.maxIterations() - iterations,
                pool,
                s -> options.progress()
                        .accept(new Progress(
                                iterations + s.iterations(),
                                s.objective(),
                                s.certificate().relative(),
                                passes + loss.passes() - before)));
    }

    /**
     * The model of the data without their transform.
     *
     * @param rows that were fitted, or a sample of them
     */
    static LogisticModel model(
            TrainingRows rows, double[] parameters, ProximalNewton.State end, int iterations, int passes) {
        FeatureTransform transform = rows.transform();
        int width = rows.width();
        FloatMatrix weights = FloatMatrix.allocate(rows.classes(), width - 1);
        FloatMatrix biases = FloatMatrix.allocate(1, rows.classes());
        transform.fold(parameters, weights, biases);
        try {
            transform.requireRange(weights);
        } catch (InvalidInputException e) {
            weights.close();
            biases.close();
            throw e;
        }
        long nonZeros = 0;
        for (int i = 0; i < parameters.length; i++) {
            nonZeros += parameters[i] != 0 && i % width != width - 1 ? 1 : 0;
        }
        FloatMatrix named = weights.withColumnNames(rows.x().columnNames());
        return new LogisticModel(
                named, biases, end.objective(), nonZeros, end.certificate(), end.converged(), iterations, passes);
    }

    @Override
    public void close() {
        if (floats != null) {
            floats.close();
        }
        if (exact != null) {
            exact.close();
        }
    }
}
