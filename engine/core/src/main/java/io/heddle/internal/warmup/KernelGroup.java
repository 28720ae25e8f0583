package io.heddle.internal.warmup;

import java.util.EnumSet;
import java.util.Set;

/** Kernels that the same algorithms use, and that are therefore compiled together. */
public enum KernelGroup {
    /** Sums of columns, differences, checks and conversions: what every fit does first. */
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
    /** Exponentials and what follows them. */
    SOFTMAX,
    /** Selection of nearest neighbours from products. */
    NEIGHBORS,
    /** Affine maps of single rows. */
    ROWS,
    /** Training of the heads of neighbour clustering. */
    TRAINING,
    /** Convolutions of image encoders. */
    CONVOLUTION;

    /** Of principal component analysis. */
    public static final Set<KernelGroup> PCA = Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, DOUBLE_PRODUCTS));

    /** Of k-means with products of few columns. */
    public static final Set<KernelGroup> FEW_CLUSTERS = Set.copyOf(EnumSet.of(COLUMNS, CLUSTERING, SKINNY_PRODUCTS));

    /** Of k-means with sketches. */
    public static final Set<KernelGroup> SKETCHED_CLUSTERS =
            Set.copyOf(EnumSet.of(COLUMNS, CLUSTERING, SKINNY_PRODUCTS, PRODUCTS, DOUBLE_PRODUCTS));

    /** Of logistic regression. */
    public static final Set<KernelGroup> LOGISTIC =
            Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, STRIDED_PRODUCTS, SKINNY_PRODUCTS, DOUBLE_PRODUCTS, SOFTMAX));

    /** Of nearest neighbours. */
    public static final Set<KernelGroup> NEAREST_NEIGHBORS = Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, NEIGHBORS));

    /** Of neighbour clustering. */
    public static final Set<KernelGroup> NEIGHBOR_CLUSTERING =
            Set.copyOf(EnumSet.of(COLUMNS, PRODUCTS, STRIDED_PRODUCTS, SOFTMAX, NEIGHBORS, TRAINING));
}
