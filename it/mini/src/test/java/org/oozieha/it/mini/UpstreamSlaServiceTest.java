package org.oozieha.it.mini;

import org.apache.oozie.sla.TestSLAService;

/** Oozie's own {@link TestSLAService} with the pack's service. */
public final class UpstreamSlaServiceTest extends TestSLAService {
    @Override
    protected void setUp() throws Exception {
        UpstreamSla.prepareFiles();
        super.setUp();
        UpstreamSla.install();
    }
}
