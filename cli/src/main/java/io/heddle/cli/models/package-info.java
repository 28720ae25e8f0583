/** Data and models of the commands: reading labelled data, fitting pipelines, predicting, converting. */
package io.heddle.cli.models;
