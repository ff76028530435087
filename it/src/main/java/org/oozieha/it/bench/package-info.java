/** Benchmarks: what the pack costs and what stock Oozie costs, from one run. */
package org.oozieha.it.bench;
