package io.heddle.cli.study;

/**
 * What a finished stage took.
 *
 * @param items how much it worked through, 0 if it has no natural count
 * @param unit what the items are, in the plural
 * @param note one short remark on the outcome; may be empty
 */
public record StageTime(Stage stage, double seconds, long items, String unit, String note) {
    /** Items per second; 0 without items. */
    public double throughput() {
        return items / Math.max(seconds, 1e-9);
    }
}
