package io.heddle.cli.catalogue;

/**
 * A column by which a group of rows differs from all rows.
 *
 * @param column name of the column; for a text column, with the value whose share differs
 * @param inGroup mean of the group, or share of the value in it
 * @param inAll mean of all rows, or share of the value in them
 * @param deviation {@code inGroup} minus {@code inAll}, in standard deviations of all rows
 */
public record GroupTrait(String column, String inGroup, String inAll, double deviation) {}
