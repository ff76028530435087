package org.oozieha.simulation;

import java.util.Collections;
import javax.persistence.OptimisticLockException;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.Members;
import org.oozieha.fence.CommitGate;
import org.oozieha.fence.DepartureMarks;
import org.oozieha.fence.Fence;
import org.oozieha.fence.LeaseGate;
import org.oozieha.fence.Verdict;

/** Servers that are wrong in one place, each with the seed by which, counted from 1, the simulation has caught it. */
enum Mutant implements Variant {
    LEASE_WITHOUT_MARGIN(25) {
        @Override
        public Lease lease(Server server, Lease lease) {
            return new LeaseMutation(lease) {
                @Override
                public long remainingMs() {
                    return right.remainingMs()
                            + server.terms().sessionTimeoutMs()
                            - server.terms().leaseMs();
                }
            };
        }
    },
    HEARTBEAT_BY_READ(50) {
        @Override
        public Lease lease(Server server, Lease lease) {
            return new LeaseMutation(lease) {
                @Override
                public long remainingMs() {
                    return server.readsAnswered ? server.terms().leaseMs() : right.remainingMs();
                }
            };
        }
    },
    LEASE_FROM_THE_ANSWER_INSTEAD_OF_THE_QUESTION(50) {
        @Override
        public Lease lease(Server server, Lease lease) {
            return new LeaseMutation(lease) {
                @Override
                public long remainingMs() {
                    long sinceAnswer = (server.clock.getAsLong() - server.answerReadAt) / 1_000_000;
                    return Math.max(right.remainingMs(), server.terms().leaseMs() - sinceAnswer);
                }
            };
        }
    },
    TOKEN_SURVIVES_A_NEW_INCARNATION(50) {
        @Override
        public Lease lease(Server server, Lease lease) {
            return LeaseMutation.ofAnyIncarnation(lease);
        }

        @Override
        public Lease leaseOfFence(Server server, Lease lease) {
            return lease;
        }
    },
    NO_INCARNATION_CHECK_IN_THE_FENCE(25) {
        @Override
        public Lease leaseOfFence(Server server, Lease lease) {
            return LeaseMutation.ofAnyIncarnation(lease);
        }
    },
    NO_FENCE(25) {
        @Override
        public void atCommit(Server server, Entities entities, Transaction transaction) {
            // commits whatever was written
        }
    },
    FENCE_ASKED_BEFORE_THE_WORK(25) {
        @Override
        public void beforeWork(Server server, Entities entities) {
            server.fence().require(entities.opening);
        }

        @Override
        public void atCommit(Server server, Entities entities, Transaction transaction) {
            // asked before
        }
    },
    VETO_THAT_IS_NOT_FINAL(25) {
        @Override
        public void atCommit(Server server, Entities entities, Transaction transaction) {
            Verdict verdict = server.fence().verdict(entities.opening);
            if (!verdict.mayCommit()) {
                throw new OptimisticLockException(verdict.reason());
            }
        }
    },
    GRANT_BEFORE_MARK(25) {
        @Override
        public LockQueue marked(LockQueue queue, DepartureMarks marks) {
            return queue;
        }
    },
    ROW_IS_NOT_ASKED(25) {
        @Override
        public CommitGate gate(CommitGate gate, Fence fence) {
            return new LeaseGate(fence);
        }
    },
    ROW_IS_ASKED_BUT_NOT_LOCKED(25) {
        @Override
        public boolean locksRows() {
            return false;
        }
    },
    MARKS_BY_AN_OLD_LISTING(75) {
        @Override
        public Members members(Cluster cluster, long timeoutMs) {
            return cluster.members();
        }
    },
    FORK_WITHOUT_THE_TOKEN_OF_ITS_WORKFLOW(25) {
        @Override
        public String keyOfForkedAction(String id) {
            return id.replace('@', '#');
        }
    },
    LINGERING_CLAIM_IGNORES_CONTENTION(25) {
        @Override
        public LockQueue queue(LockQueue queue) {
            return new QueueMutation(queue) {
                @Override
                void contended(ClaimListener listener) {
                    // keeps it
                }
            };
        }
    },
    TIMED_OUT_WAIT_KEEPS_ITS_PLACE(25) {
        @Override
        public LockQueue queue(LockQueue queue) {
            return new QueueMutation(queue) {
                @Override
                void release(Claim claim, boolean granted) {
                    if (granted) {
                        claim.release();
                    }
                }
            };
        }
    },
    DEPARTURE_STARTS_NO_TAKEOVER(25) {
        @Override
        public ClusterListener takeover(Server server, ClusterListener takeover) {
            return new ListenerMutation(takeover) {
                @Override
                public void membersChanged(Members before, Members after) {
                    right.membersChanged(only(server, before), only(server, after));
                }
            };
        }

        private Members only(Server server, Members members) {
            return members.find(server.id)
                    .map(self -> Members.of(Collections.singleton(self), Collections.emptyMap()))
                    .orElse(Members.nobody());
        }
    },
    ACKNOWLEDGED_START_IS_ONLY_IN_MEMORY(25) {
        @Override
        public boolean recoversStarts() {
            return false;
        }
    };

    /** It is caught at this seed, or before. */
    final long caughtBy;

    Mutant(long caughtBy) {
        this.caughtBy = caughtBy;
    }
}
