/** Through which proxies, and believing whose certificates, the outside is reached. */
@NullMarked
package io.github.kolors4j.internal.hub;

import org.jspecify.annotations.NullMarked;
