package io.heddle.internal.warmup;

import java.util.EnumSet;
import java.util.Set;

/** Groups of kernels that the same algorithms use and that are compiled together. */
public enum KernelGroup {
    /** Sums of columns, differences, checks and conversions, which every fit uses first. */
    COLUMNS,
    /** Packing and the tiles of packed operands. */
    PRODUCTS,
    /** Tiles of an operand that is not packed, and updates of vectors. */
    STRIDED_PRODUCTS,
    /** Products with at most 15 columns. */
    SKINNY_PRODUCTS,
    /** Products of small matrices in double. */
    DOUBLE_PRODUCTS,
    /** Distances, nearest centres, bounds and moving centres. */
    CLUSTERING,
    /** Exponentials and the softmax. */
    SOFTMAX,
    /** Selection of nearest neighbours from products. */
    NEIGHBORS,
    /** Affine maps of single rows. */
    ROWS,
    /** Training of the heads of neighbour clustering. */
    TRAINING,
    /** Convolutions of image encoders. */
    CONVOLUTION;

    /** The groups for principal component analysis. */
    public static final Set<KernelGroup> PCA = Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, DOUBLE_PRODUCTS));

    /** The groups for k-means with products of few columns. */
    public static final Set<KernelGroup> FEW_CLUSTERS = Set.copyOf(EnumSet.of(COLUMNS, CLUSTERING, SKINNY_PRODUCTS));

    /** The groups for k-means with sketches. */
    public static final Set<KernelGroup> SKETCHED_CLUSTERS =
            Set.copyOf(EnumSet.of(COLUMNS, CLUSTERING, SKINNY_PRODUCTS, PRODUCTS, DOUBLE_PRODUCTS));

    /** The groups for logistic regression. */
    public static final Set<KernelGroup> LOGISTIC =
            Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, STRIDED_PRODUCTS, SKINNY_PRODUCTS, DOUBLE_PRODUCTS, SOFTMAX));

    /** The groups for nearest neighbours. */
    public static final Set<KernelGroup> NEAREST_NEIGHBORS = Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, NEIGHBORS));

    /** The groups for neighbour clustering. */
    public static final Set<KernelGroup> NEIGHBOR_CLUSTERING =
            Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, STRIDED_PRODUCTS, SOFTMAX, NEIGHBORS, TRAINING));
}
