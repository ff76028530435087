package org.oozieha.hcat.endpoint;

import java.util.List;

/** The servers of a cluster that are there now, as far as is known. */
public interface Endpoints {
    /** {@code host:port} each; never blocks. */
    List<String> live();

    /** Where they are listed, for messages. */
    @Override
    String toString();
}
