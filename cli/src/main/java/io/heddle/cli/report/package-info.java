/** What a study leaves behind for people and programs: the page and metrics.json. */
package io.heddle.cli.report;
