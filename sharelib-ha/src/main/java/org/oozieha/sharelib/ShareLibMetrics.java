package org.oozieha.sharelib;

import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.service.ShareLibService;
import org.apache.oozie.service.WorkflowAppService;
import org.apache.oozie.util.Instrumentation;

/** The sharelib in Oozie's instrumentation: stock's names, and the version of each server. */
final class ShareLibMetrics {
    private static final String GROUP = "libs";
    private static final String NONE = "(none)";
    private static final String UNAVAILABLE = "(unavailable)";

    private final Path root;
    private final String mappingFile;
    private final Supplier<ShareLibContent> served;
    private final ServerVersions versions;

    /** @param mappingFile empty for none */
    ShareLibMetrics(Path root, String mappingFile, Supplier<ShareLibContent> served, ServerVersions versions) {
        this.root = root;
        this.mappingFile = mappingFile;
        this.served = served;
        this.versions = versions;
    }

    void addTo(Instrumentation instrumentation, Supplier<String> launcherPath) {
        boolean mapped = !mappingFile.isEmpty();
        add(
                instrumentation,
                "sharelib.source",
                () -> mapped ? ShareLibService.SHARELIB_MAPPING_FILE : WorkflowAppService.SYSTEM_LIB_PATH);
        add(instrumentation, "sharelib.mapping.file", () -> mapped ? mappingFile : NONE);
        add(instrumentation, "sharelib.system.libpath", () -> {
            ShareLibContent content = served.get();
            return content == null || mapped
                    ? root.toUri().toString()
                    : content.listing().path();
        });
        add(instrumentation, "sharelib.mapping.file.timestamp", () -> {
            ShareLibContent content = served.get();
            return content == null || !mapped ? NONE : StockAnswer.time(content.listing());
        });
        add(instrumentation, "sharelib.keys", () -> {
            ShareLibContent content = served.get();
            return content == null || content.files().isEmpty()
                    ? UNAVAILABLE
                    : content.files().keySet().toString();
        });
        add(instrumentation, "sharelib.symlink.mapping", () -> {
            ShareLibContent content = served.get();
            return content == null || content.links().isEmpty()
                    ? NONE
                    : content.links().toString();
        });
        add(instrumentation, "sharelib.cached.config.file", () -> {
            ShareLibContent content = served.get();
            return content == null || content.configurations().isEmpty()
                    ? NONE
                    : String.join(";", content.configurations().keySet());
        });
        add(instrumentation, "launcherlib.system.libpath", launcherPath);
        add(instrumentation, "sharelib.servers", () -> String.join("; ", versions.lines()));
    }

    private static void add(Instrumentation instrumentation, String name, Supplier<String> value) {
        instrumentation.addVariable(GROUP, name, (Instrumentation.Variable<String>) value::get);
    }
}
