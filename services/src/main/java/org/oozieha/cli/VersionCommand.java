package org.oozieha.cli;

import java.util.Collections;
import java.util.concurrent.Callable;
import org.oozieha.config.PackVersion;
import org.oozieha.service.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints the version of the pack.")
final class VersionCommand implements Callable<Integer>, CommandLine.IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        String version = PackVersion.current();
        spec.commandLine()
                .getOut()
                .println(json ? JsonText.write(Collections.singletonMap("version", version)) : version);
        return OozieHa.OK;
    }

    @Override
    public String[] getVersion() {
        return new String[] {PackVersion.current()};
    }
}
