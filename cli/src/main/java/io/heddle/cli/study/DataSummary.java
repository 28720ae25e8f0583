package io.heddle.cli.study;

import java.util.List;

/**
 * A summary of the data.
 *
 * @param trainCounts number of training images of each class
 * @param testCounts number of test images of each class
 * @param meanImages the mean training image of each class
 * @param samples for each class, positions among the study's thumbnails
 * @param pixelVarianceRatio share of the variance of all pixels that each principal component explains, descending
 * @param darkShare share of all pixels that are exactly 0
 */
public record DataSummary(
        String name,
        int width,
        int height,
        List<String> classNames,
        int[] trainCounts,
        int[] testCounts,
        Thumbnails meanImages,
        int[][] samples,
        double[] pixelVarianceRatio,
        double darkShare) {
    /** Returns the number of training images. */
    public int train() {
        return sum(trainCounts);
    }

    /** Returns the number of test images. */
    public int test() {
        return sum(testCounts);
    }

    /** Returns the number of classes. */
    public int classes() {
        return classNames.size();
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int c : counts) {
            sum += c;
        }
        return sum;
    }
}
