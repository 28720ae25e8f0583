/** Reads folders of photos. */
package io.heddle.data.photo;
