package io.heddle.linear;

import java.util.Arrays;

/**
 * The elastic net with the Euclidean norm of a column's weights in all classes, λ Σ fⱼ (l1Ratio ‖wⱼ‖ + ½ (1 − l1Ratio)
 * ‖wⱼ‖²): a column has weights in all classes or in none. As a function of the parameters for the transformed data: a
 * column's weights are its parameters times a scale. Yuan and Lin, "Model Selection and Estimation in Regression with
 * Grouped Variables", JRSS B 68(1), 2006.
 */
final class GroupedPenalty implements Penalty {
    private final double l1;
    private final double l2;
    private final PenaltyScale scale;
    /** Of each column, and 0 for the intercept. */
    private final double[] l1s;

    private final double[] l2s;
    /** Number of columns and the intercept. */
    private final int width;

    /**
     * @param l1 λ · l1Ratio
     * @param l2 λ · (1 − l1Ratio)
     * @param scale of the columns
     */
    GroupedPenalty(double l1, double l2, PenaltyScale scale) {
        this.l1 = scale.penalised() == 0 ? 0 : l1;
        this.l2 = scale.penalised() == 0 ? 0 : l2;
        this.scale = scale;
        l1s = scale.norms(l1);
        l2s = scale.squares(l2);
        width = l1s.length;
    }

    @Override
    public GroupedPenalty times(double strength) {
        return new GroupedPenalty(l1 * strength, l2 * strength, scale);
    }

    @Override
    public double norms() {
        return l1;
    }

    @Override
    public boolean hasSmoothPart() {
        return l2 > 0;
    }

    @Override
    public boolean hasDual() {
        return (l1 > 0 || l2 > 0) && scale.penalised() == scale.columns();
    }

    /** Weight of the norm of a column; 0 for the intercept, column width − 1. */
    double norm(int column) {
        return l1s[column];
    }

    /** Number of columns and the intercept: the column of parameter i is i mod this. */
    int width() {
        return width;
    }

    @Override
    public double l2(int i) {
        return l2s[i % width];
    }

    private double length(double[] parameters, int column) {
        return Math.sqrt(dot(parameters, parameters, column));
    }

    private double dot(double[] a, double[] b, int column) {
        double sum = 0;
        for (int i = column; i < a.length; i += width) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Override
    public boolean[] smoothAt(double[] parameters) {
        boolean[] smooth = new boolean[parameters.length];
        for (int j = 0; j < width; j++) {
            boolean free = l1s[j] == 0 || length(parameters, j) > 0;
            for (int i = j; i < smooth.length; i += width) {
                smooth[i] = free;
            }
        }
        return smooth;
    }

    @Override
    public double value(double[] parameters) {
        double sum = 0;
        for (int j = 0; j < width; j++) {
            double square = dot(parameters, parameters, j);
            sum += l1s[j] * Math.sqrt(square) + 0.5 * l2s[j] * square;
        }
        return sum;
    }

    @Override
    public void addHessianProduct(double[] parameters, double[] vector, double[] out) {
        for (int j = 0; j < width; j++) {
            double length = length(parameters, j);
            double bend = l1s[j] == 0 || length == 0 ? 0 : l1s[j] / length;
            double along = bend == 0 ? 0 : dot(parameters, vector, j) / (length * length);
            for (int i = j; i < out.length; i += width) {
                out[i] += l2s[j] * vector[i] + bend * (vector[i] - along * parameters[i]);
            }
        }
    }

    @Override
    public void normHessian(double[] parameters, int[] coordinates, Elements elements) {
        int[] last = new int[width];
        Arrays.fill(last, -1);
        int[] previous = new int[coordinates.length];
        for (int i = 0; i < coordinates.length; i++) {
            int j = coordinates[i] % width;
            if (l1s[j] == 0) {
                continue;
            }
            previous[i] = last[j];
            last[j] = i;
            double length = length(parameters, j);
            double w = parameters[coordinates[i]] / length;
            for (int k = i; k >= 0; k = previous[k]) {
                double identity = k == i ? 1 : 0;
                elements.add(i, k, l1s[j] / length * (identity - w * parameters[coordinates[k]] / length));
            }
        }
    }

    /** Weights of a column that would reverse their direction become zero instead. */
    @Override
    public void stopAtKinks(double[] parameters, double[] direction) {
        for (int j = 0; j < width; j++) {
            if (l1s[j] > 0 && dot(parameters, parameters, j) + dot(parameters, direction, j) < 0) {
                for (int i = j; i < direction.length; i += width) {
                    direction[i] = -parameters[i];
                }
            }
        }
    }

    @Override
    public void subgradient(double[] lossGradient, double[] parameters, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = smooth(i, lossGradient[i], parameters[i]);
        }
        for (int j = 0; j < width; j++) {
            if (l1s[j] == 0) {
                continue;
            }
            double length = length(parameters, j);
            double pull = length(out, j);
            double kept = pull > l1s[j] ? 1 - l1s[j] / pull : 0;
            for (int i = j; i < out.length; i += width) {
                out[i] = length > 0 ? out[i] + l1s[j] * (parameters[i] / length) : out[i] * kept;
            }
        }
    }

    @Override
    public double predictedDecrease(double[] lossGradient, double[] parameters, double[] direction) {
        double sum = 0;
        for (int j = 0; j < width; j++) {
            double before = 0;
            double after = 0;
            for (int i = j; i < parameters.length; i += width) {
                sum += smooth(i, lossGradient[i], parameters[i]) * direction[i];
                double end = parameters[i] + direction[i];
                before += parameters[i] * parameters[i];
                after += end * end;
            }
            sum += l1s[j] * (Math.sqrt(after) - Math.sqrt(before));
        }
        return sum;
    }

    @Override
    public double smallestNorms(double[] lossGradient) {
        double largest = 0;
        for (int j = 0; j < width; j++) {
            if (scale.of(j) > 0) {
                largest = Math.max(largest, length(lossGradient, j) / scale.of(j));
            }
        }
        return largest;
    }

    @Override
    public double fenchelGap(double[] parameters, double[] lossGradient) {
        double gap = 0;
        for (int j = 0; j < width; j++) {
            if (scale.of(j) == 0) {
                for (int i = j; i < parameters.length; i += width) {
                    gap += Math.abs(lossGradient[i] * parameters[i]);
                }
            } else if (hasSmoothPart()) {
                gap += term(j, parameters, lossGradient);
            }
        }
        return gap;
    }

    /**
     * l1 ‖w‖ + ½ l2 ‖w‖² + conjugate(−g) + ⟨w, g⟩; computed as a sum of squares where these terms nearly cancel: the
     * conjugate is (‖g‖ − l1)₊² / 2 l2.
     */
    private double term(int column, double[] w, double[] g) {
        double length = length(w, column);
        double pull = length(g, column);
        double over = pull - l1s[column];
        double inner = dot(w, g, column);
        if (over >= 0 && inner <= 0) {
            double violation = l2s[column] * length - over;
            double angle = 0;
            for (int i = column; i < w.length && length > 0 && pull > 0; i += width) {
                double apart = w[i] / length + g[i] / pull;
                angle += apart * apart;
            }
            return violation * violation / (2 * l2s[column]) + 0.5 * length * pull * angle;
        }
        double primal = l1s[column] * length + 0.5 * l2s[column] * length * length;
        double conjugate = over > 0 ? over * over / (2 * l2s[column]) : 0;
        return primal + conjugate + inner;
    }

    @Override
    public double dualNorm(double[] lossGradient) {
        double largest = 0;
        for (int j = 0; !hasSmoothPart() && j < width; j++) {
            if (scale.of(j) > 0) {
                largest = Math.max(largest, length(lossGradient, j) / l1s[j]);
            }
        }
        return largest;
    }

    /** The mean, for a norm and for a square; 0 without a penalty. */
    @Override
    public double bestShift(int j, double[] column) {
        return l1s[j] > 0 || l2s[j] > 0 ? Arrays.stream(column).average().orElse(0) : 0;
    }
}
