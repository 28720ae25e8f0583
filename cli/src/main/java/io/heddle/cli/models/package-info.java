/** What commands do with data and models: read labelled data, fit pipelines, predict, convert. */
package io.heddle.cli.models;
