package org.oozieha.it.mini;

import org.apache.oozie.sla.TestSLAJobEventListener;

/** Oozie's own {@link TestSLAJobEventListener} with the pack's service. */
public final class UpstreamSlaJobEventListenerTest extends TestSLAJobEventListener {
    @Override
    protected void setUp() throws Exception {
        UpstreamSla.prepare();
        super.setUp();
        UpstreamSla.install();
    }
}
