/** Common interfaces of all fitted models. */
package io.heddle.estimator;
