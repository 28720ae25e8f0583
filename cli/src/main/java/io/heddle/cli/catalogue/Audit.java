package io.heddle.cli.catalogue;

import io.heddle.audit.LabelIssue;
import io.heddle.cli.data.Labels;
import java.util.List;

/**
 * The labels of a catalogue that are likely wrong.
 *
 * @param name of the data
 * @param rows that were audited
 * @param features what the items were told apart by
 * @param labels of all rows
 * @param leftOut rows of classes too rare to be audited
 * @param accuracy share of the audited rows whose most probable class, by models that have not seen them, is their
 *     label
 * @param noise estimated share of wrong labels
 * @param lambda penalty of the models
 * @param rounds of training
 * @param issues the likeliest errors first
 * @param pictures of the first issues, in order
 * @param files the name of each issue's file; empty where rows have no files
 * @param seconds in all
 */
public record Audit(
        String name,
        int rows,
        String features,
        Labels labels,
        int leftOut,
        double accuracy,
        double noise,
        double lambda,
        int rounds,
        List<LabelIssue> issues,
        Pictures pictures,
        List<String> files,
        double seconds) {}
