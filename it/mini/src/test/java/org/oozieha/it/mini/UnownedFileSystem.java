package org.oozieha.it.mini;

import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local file system, whose files stay with whoever made them. */
public final class UnownedFileSystem extends LocalFileSystem {
    public UnownedFileSystem() {
        super(new RawLocalFileSystem() {
            @Override
            public void setOwner(Path file, String user, String group) {}
        });
    }
}
