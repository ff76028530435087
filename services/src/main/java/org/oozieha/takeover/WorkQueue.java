package org.oozieha.takeover;

/** The queue that picked up work goes into. */
public interface WorkQueue {
    /** True if that many more entries leave the queue usable for everybody else. */
    boolean hasRoomFor(int entries);
}
