package io.heddle.spark;

import io.heddle.Heddle;
import java.util.Arrays;

/** A program without the vector module. Runs two fits and prints the lanes and the first component. */
final class WithoutVectors {
    private WithoutVectors() {}

    public static void main(String[] arguments) {
        float[][] x = LocalSpark.clusters(500, 6, 3, 8);
        HeddlePca estimator = new HeddlePca().setK(1).setInputCol("features");
        estimator.fit(LocalSpark.vectors(x, 2));
        System.out.println(Heddle.vectorLanes() + " "
                + Arrays.toString(estimator.fit(LocalSpark.arrays(x, 2)).pc().toArray()));
        LocalSpark.session().stop();
    }
}
