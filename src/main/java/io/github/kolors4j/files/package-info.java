/** Files that are written whole or not at all. */
package io.github.kolors4j.files;
