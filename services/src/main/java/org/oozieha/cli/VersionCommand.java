package org.oozieha.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.oozieha.config.PackVersion;
import org.oozieha.service.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints the versions of the pack and of what it carries.")
final class VersionCommand implements Callable<Integer>, CommandLine.IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (json) {
            Map<String, String> versions = new LinkedHashMap<>();
            versions.put("version", PackVersion.current());
            versions.putAll(PackVersion.carried());
            spec.commandLine().getOut().println(JsonText.write(versions));
        } else {
            spec.commandLine().getOut().println(text());
        }
        return OozieHa.OK;
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }

    private static String text() {
        return "oozie-ha " + PackVersion.current() + " "
                + PackVersion.carried().entrySet().stream()
                        .map(library -> library.getKey() + " " + library.getValue())
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
