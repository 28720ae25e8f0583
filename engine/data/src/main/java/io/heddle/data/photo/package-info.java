/** Folders of photos. */
package io.heddle.data.photo;
