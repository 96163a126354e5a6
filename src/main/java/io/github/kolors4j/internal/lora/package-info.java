/**
 * The files that LoRAs are exchanged in, their layers' names, and LoRAs at work in a network.
 * Internal: it may change in any version.
 */
@NullMarked
package io.github.kolors4j.internal.lora;

import org.jspecify.annotations.NullMarked;
