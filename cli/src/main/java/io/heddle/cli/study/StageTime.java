package io.heddle.cli.study;

/**
 * The duration of a finished stage.
 *
 * @param items number of processed items, 0 if it has none
 * @param unit noun of the items, in the plural
 * @param note short remark on the result; may be empty
 */
public record StageTime(StudyStage stage, double seconds, long items, String unit, String note) {
    /** Returns items per second; 0 without items. */
    public double throughput() {
        return items / Math.max(seconds, 1e-9);
    }
}
