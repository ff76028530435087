package org.oozieha.cluster.zookeeper;

import java.util.concurrent.CompletionException;
import org.apache.zookeeper.KeeperException;

/** Reads the reason out of a failed future. */
final class Failures {
    private Failures() {}

    /** The code of the KeeperException behind it; SYSTEMERROR if it was something else; OK for null. */
    static KeeperException.Code code(Throwable failure) {
        if (failure == null) {
            return KeeperException.Code.OK;
        }
        Throwable cause = cause(failure);
        return cause instanceof KeeperException ? ((KeeperException) cause).code() : KeeperException.Code.SYSTEMERROR;
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** What the failure and its causes say, each once. */
    static String texts(Throwable failure) {
        StringBuilder texts = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = String.valueOf(t.getMessage()).trim();
            if (texts.indexOf(text) < 0) {
                texts.append(texts.length() == 0 ? "" : "; ").append(text);
            }
        }
        return texts.toString();
    }

    /** The connection is gone: what was asked may or may not have been done, and comes up again after the reconnect. */
    static boolean isConnection(KeeperException.Code code) {
        return code == KeeperException.Code.CONNECTIONLOSS
                || code == KeeperException.Code.SESSIONEXPIRED
                || code == KeeperException.Code.SESSIONMOVED
                || code == KeeperException.Code.OPERATIONTIMEOUT
                || code == KeeperException.Code.REQUESTTIMEOUT;
    }
}
