package org.oozieha.takeover;

/** The queue that picked up work goes into. */
public interface WorkQueue {
    /**
     * True if that many more entries leave the queue usable for everybody else.
     *
     * @param urgent whether they may take room that is kept free of what can wait
     */
    boolean hasRoomFor(int entries, boolean urgent);
}
