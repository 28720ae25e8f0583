package io.heddle.audit;

/**
 * A label that may be wrong.
 *
 * <p>For example: {@snippet file="AuditExamplesTest.java" region="label-audit"}
 *
 * @param index of the row
 * @param given the label that it has
 * @param suggested the most probable other label
 * @param margin probability of the suggested label minus that of the given one, −1 to 1
 */
public record LabelIssue(int index, int given, int suggested, double margin) {}
