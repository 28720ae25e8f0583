/** The outputs of a study: the page and metrics.json. */
package io.heddle.cli.report;
