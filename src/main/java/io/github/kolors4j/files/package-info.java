/** Files that are written whole or not at all, and the room for them. */
package io.github.kolors4j.files;
