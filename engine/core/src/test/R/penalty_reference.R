# Optima of multinomial logistic regressions with penalty factors, by glmnet, for PenaltyReferenceTest.
#
#   Rscript penalty_reference.R ../resources/io/heddle/linear
#
# Needs R and the package glmnet (Debian: r-cran-glmnet). Reads NAME.csv, which logistic_reference.py writes, and writes
# penalties.csv: problem, lambda, l1Ratio, standardize, grouped, factors (of the columns, between spaces), the objective
# at glmnet's solution, and the number of its weights that are not zero. And grouped_weights.csv: for some of them the
# weights, less their mean over the classes, a line for each class.
#
# glmnet divides the penalty factors by their mean, so lambda is multiplied by that mean here. Its multinomial fits allow the same shift of a column's weights in all classes if they have no penalty, which does not change the objective.
suppressMessages(library(glmnet))

folder <- commandArgs(trailingOnly = TRUE)[1]

objective <- function(x, y, weights, intercepts, lambda, ratio, factors, grouped) {
  z <- x %*% weights + rep(intercepts, each = nrow(x))
  top <- apply(z, 1, max)
  loss <- mean(top + log(rowSums(exp(z - top))) - z[cbind(seq_along(y), y + 1)])
  norms <- if (grouped) sqrt(rowSums(weights^2)) else rowSums(abs(weights))
  loss + lambda * sum(factors * (ratio * norms + (1 - ratio) / 2 * rowSums(weights^2)))
}

solve_one <- function(name, lambda, ratio, standardize, grouped, factors) {
  data <- as.matrix(read.csv(file.path(folder, paste0(name, ".csv")), header = FALSE))
  y <- data[, 1]
  x <- data[, -1]
  if (standardize) {
    deviation <- sqrt(colMeans(sweep(x, 2, colMeans(x))^2))
    x <- sweep(sweep(x, 2, colMeans(x)), 2, ifelse(deviation > 0, deviation, 1), "/")
  }
  factors <- rep_len(factors, ncol(x))
  # glmnet reaches a small lambda by a path of decreasing lambdas; the last one is the requested one.
  path <- lambda * mean(factors) * 2^(10:0)
  fit <- glmnet(x, y, family = "multinomial", alpha = ratio, lambda = path, penalty.factor = factors,
                standardize = FALSE, thresh = 1e-14, maxit = 1e7,
                type.multinomial = if (grouped) "grouped" else "ungrouped")
  last <- length(fit$lambda)
  stopifnot(last == length(path))
  weights <- sapply(fit$beta, function(b) as.matrix(b)[, last])
  if (grouped && !standardize && ratio < 1) {
    centred <- weights - rowMeans(weights)
    coefficients <<- rbind(coefficients, data.frame(
      problem = name, lambda = lambda, l1Ratio = ratio, factors = paste(factors, collapse = " "),
      class = seq_len(ncol(weights)) - 1,
      weights = apply(centred, 2, function(w) paste(sprintf("%.9g", w), collapse = " "))))
  }
  data.frame(problem = name, lambda = lambda, l1Ratio = ratio, standardize = as.integer(standardize),
             grouped = as.integer(grouped), factors = paste(factors, collapse = " "),
             objective = sprintf("%.12g", objective(x, y, weights, fit$a0[, last], lambda, ratio, factors, grouped)),
             nonZeros = sum(weights != 0))
}

coefficients <- data.frame()
iris <- c(0, 1, 2, 0.5)
hard <- c(1, 0.5, 3, 0.25, 2)
results <- rbind(
  solve_one("iris", 1e-2, 0.5, TRUE, FALSE, iris),
  solve_one("iris", 1e-2, 1, TRUE, FALSE, iris),
  solve_one("iris", 1e-2, 0, TRUE, FALSE, iris),
  solve_one("iris", 1e-2, 0.5, FALSE, FALSE, iris),
  solve_one("hard", 0.05, 0.5, FALSE, FALSE, hard),
  solve_one("hard", 0.05, 0, FALSE, FALSE, hard),
  solve_one("digits", 1e-3, 0.5, FALSE, FALSE, c(1, 2, 0.5, 1)),
  solve_one("digits", 1e-2, 0.9, FALSE, FALSE, c(0, rep(1, 15))),
  solve_one("iris", 1e-2, 1, TRUE, TRUE, 1),
  solve_one("iris", 1e-2, 0.5, TRUE, TRUE, iris),
  solve_one("iris", 1e-2, 0.5, FALSE, TRUE, 1),
  solve_one("hard", 0.05, 1, FALSE, TRUE, 1),
  solve_one("hard", 0.05, 0.5, FALSE, TRUE, hard),
  solve_one("hard", 2e-3, 0.9, FALSE, TRUE, 1),
  solve_one("digits", 1e-2, 1, FALSE, TRUE, 1),
  solve_one("digits", 1e-2, 0.5, FALSE, TRUE, c(1, 2, 0.5, 1)),
  solve_one("digits", 1e-2, 0.9, FALSE, TRUE, c(0, rep(1, 15))))
write.csv(results, file.path(folder, "penalties.csv"), row.names = FALSE, quote = FALSE)
write.csv(coefficients, file.path(folder, "grouped_weights.csv"), row.names = FALSE, quote = FALSE)
