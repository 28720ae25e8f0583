package io.heddle.internal.kernels;

/** Products in double: the scalar forms. */
final class ScalarDoubles {
    private ScalarDoubles() {}

    static void multiply(
            int m,
            int n,
            int k,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            double[] b,
            int bFrom,
            int bRow,
            double[] c,
            int cFrom,
            int cRow,
            boolean accumulate) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum = FusedMultiplyAdd.of(a[aFrom + i * aRow + l * aStep], b[bFrom + l * bRow + j], sum);
                }
                int at = cFrom + i * cRow + j;
                c[at] = accumulate ? c[at] + sum : sum;
            }
        }
    }

    /** Four sums, because each addition waits for the one before it. */
    static void dots(double[] w, int rows, int n, double[] x, double[] out) {
        for (int r = 0; r < rows; r++) {
            int at = r * n;
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            int i = 0;
            for (; i < n - 3; i += 4) {
                s0 += w[at + i] * x[i];
                s1 += w[at + i + 1] * x[i + 1];
                s2 += w[at + i + 2] * x[i + 2];
                s3 += w[at + i + 3] * x[i + 3];
            }
            for (; i < n; i++) {
                s0 += w[at + i] * x[i];
            }
            out[r] = (s0 + s1) + (s2 + s3);
        }
    }
}
