/**
 * What the operator set, read once from Oozie's configuration into one immutable, validated value.
 *
 * <p>{@link org.oozieha.config.Settings} is the only place in the pack that names properties.
 */
package org.oozieha.config;
