package io.heddle.cli.catalogue;

/**
 * A column by which a group of rows differs from all rows.
 *
 * @param column name of the column; of text, with the value whose share differs
 * @param inGroup mean of the group, or share of the value in it
 * @param inAll the same of all rows
 * @param deviation difference of both in standard deviations of all rows; negative where the group has less
 */
public record GroupTrait(String column, String inGroup, String inAll, double deviation) {}
