package org.oozieha.it.mini;

import org.apache.oozie.sla.TestSLAEventGeneration;

/** Oozie's own {@link TestSLAEventGeneration} with the pack's service. */
public final class UpstreamSlaEventGenerationTest extends TestSLAEventGeneration {
    @Override
    protected void setUp() throws Exception {
        UpstreamSla.prepareFiles();
        super.setUp();
        UpstreamSla.install();
    }
}
