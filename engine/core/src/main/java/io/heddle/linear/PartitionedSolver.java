package io.heddle.linear;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.parallel.WorkerPool;
import java.util.UUID;

/**
 * Fits rows in partitions as {@link LogisticSolver} fits rows in memory: with many rows, iterations in float first,
 * then in double. The objective and the certificate are always sums in double over all partitions.
 */
final class PartitionedSolver {
    private final PartitionedRows partitions;
    private final Options options;
    private final WorkerPool pool;

    /** @param pool for the estimated Hessians and their factors, which are computed in this process */
    PartitionedSolver(PartitionedRows partitions, Options options, WorkerPool pool) {
        this.partitions = partitions;
        this.options = options;
        this.pool = pool;
    }

    LogisticModel fit() {
        PartitionSurvey survey = PartitionSurvey.of(partitions);
        int columns = survey.columns();
        int classes = survey.classes();
        LogisticRegression.requireClasses(classes, options);
        double[] factors = CombinedWeights.ofClasses(survey.classTotals(), survey.total(), survey.weighted(), options);
        double l2 = Penalties.smallestSquares(options, columns);
        double[] deviations = PartitionDeviations.of(partitions, survey.means());
        FloatSpread.check(survey.means(), deviations);
        boolean small = LogisticSolver.small(survey.total(), columns, classes);
        FeatureTransform transform = FeatureTransform.of(
                survey.means(),
                deviations,
                FeatureTransform.Scaling.of(options.standardize(), small),
                options.intercept(),
                l2);
        PartitionSetup setup = new PartitionSetup(
                UUID.randomUUID(),
                classes,
                survey.total(),
                factors,
                transform.shift(),
                transform.scale(),
                transform.constant());
        TrainingRows sample = PartitionSample.draw(partitions, survey, setup, transform, options.seed());
        try (var x = sample.x()) {
            return fit(setup, setup.classWeights(survey.classTotals()), sample, !small && !transform.coarse());
        }
    }

    private LogisticModel fit(PartitionSetup setup, double[] classWeights, TrainingRows sample, boolean startsInFloat) {
        FeatureTransform transform = sample.transform();
        Penalty penalty = Penalties.of(options, transform);
        double[] parameters = new double[setup.size()];
        InitialIntercepts.start(classWeights, transform, parameters);
        int iterations = 0;
        int passes = 0;
        if (startsInFloat) {
            SampledStart.from(sample, setup.total(), penalty, parameters, pool);
            try (PartitionedLoss loss = new PartitionedLoss(partitions, setup, classWeights, false, sample, pool)) {
                double tolerance = LogisticSolver.floatTolerance(penalty, sample, options);
                iterations = LogisticSolver.solve(loss, penalty, parameters, tolerance, options, 0, 0, pool)
                        .iterations();
                passes = loss.passes();
            }
        }
        try (PartitionedLoss loss = new PartitionedLoss(partitions, setup, classWeights, true, sample, pool)) {
            ProximalNewton.State end = LogisticSolver.solve(
                    loss, penalty, parameters, options.tolerance(), options, iterations, passes, pool);
            return LogisticSolver.model(sample, parameters, end, iterations + end.iterations(), passes + loss.passes());
        }
    }
}
