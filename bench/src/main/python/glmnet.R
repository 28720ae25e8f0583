# One fit of the elastic-net path by glmnet: prints the seconds and the number of passes, writes the coefficients of
# each lambda, class by class with the intercept last, as doubles.
a <- commandArgs(trailingOnly = TRUE)
n <- as.integer(a[2])
d <- as.integer(a[3])
x <- matrix(readBin(a[1], "numeric", n * d, size = 4, endian = "little"), n, d, byrow = TRUE)
y <- factor(readBin(a[4], "integer", n, size = 4, endian = "little"))
alpha <- as.numeric(a[5])
lambda <- as.numeric(strsplit(a[6], ",")[[1]])
suppressPackageStartupMessages(library(glmnet))
start <- proc.time()[["elapsed"]]
fit <- glmnet(x, y, family = "multinomial", alpha = alpha, lambda = lambda, standardize = FALSE)
seconds <- proc.time()[["elapsed"]] - start
if (length(fit$lambda) != length(lambda)) stop("glmnet stopped before the end of the path")
out <- file(a[7], "wb")
for (l in seq_along(lambda)) {
  for (class in names(fit$beta)) {
    writeBin(as.numeric(fit$beta[[class]][, l]), out, endian = "little")
    writeBin(as.numeric(fit$a0[class, l]), out, endian = "little")
  }
}
close(out)
cat(seconds, fit$npasses, "\n")
