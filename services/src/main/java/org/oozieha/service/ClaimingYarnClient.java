package org.oozieha.service;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * Submits an action's launcher once.
 *
 * <p>Guarantee: nothing is submitted by a thread whose locks no longer stand, nor while another application that runs, or waits to run,
 * is named in the action's {@link LauncherClaim}; what is submitted is named there before. A pause of this server between the last
 * question and the submission is not noticed: the application that then arrives is named nowhere and its launcher refuses to run.
 *
 * <p>On failure: a veto as at a commit; an IOException, on which Oozie retries the start, if another application is named. A refusal by
 * YARN takes the name back; when the outcome is unknown it stays, and the next start asks YARN for it. One per submission.
 */
final class ClaimingYarnClient extends YarnClientImpl {
    private final LauncherClaim claim;
    private final Runnable fence;

    /** @param fence throws if the current thread's locks no longer stand */
    ClaimingYarnClient(LauncherClaim claim, Runnable fence) {
        this.claim = claim;
        this.fence = fence;
    }

    @Override
    public ApplicationId submitApplication(ApplicationSubmissionContext context) throws YarnException, IOException {
        fence.run();
        Optional<ApplicationId> named = claim.read();
        if (named.isPresent()) {
            if (!isOver(named.get())) {
                throw new IOException("not submitted: " + claim + " names " + named.get()
                        + ", which another server submitted for this action");
            }
            claim.withdraw();
        }
        claim.write(context.getApplicationId());
        fence.run();
        try {
            return super.submitApplication(context);
        } catch (YarnException refused) {
            claim.withdraw();
            throw refused;
        }
    }

    private boolean isOver(ApplicationId application) throws YarnException, IOException {
        try {
            YarnApplicationState state = getApplicationReport(application).getYarnApplicationState();
            return state == YarnApplicationState.FINISHED
                    || state == YarnApplicationState.FAILED
                    || state == YarnApplicationState.KILLED;
        } catch (ApplicationNotFoundException e) {
            return false;
        }
    }
}
