package io.heddle.encoder;

/**
 * The output of a layer in a workspace.
 *
 * @param at byte of the workspace where it begins
 */
record PlacedPlane(Plane plane, long at) {}
