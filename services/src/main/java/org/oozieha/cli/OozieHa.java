package org.oozieha.cli;

import java.io.PrintWriter;
import java.util.Collections;
import java.util.ServiceLoader;
import org.oozieha.service.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code oozie-ha}.
 *
 * <p>Exit codes: 0 all is well; 1 there are findings; 2 it cannot tell, e.g. because ZooKeeper does not answer or an option is wrong.
 */
@Command(
        name = "oozie-ha",
        description = "Looks into a cluster of Oozie servers with the HA pack.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:there are findings", "2:it cannot tell"},
        subcommands = {
            VersionCommand.class,
            ServersCommand.class,
            SqlCommand.class,
            SettingsCommand.class,
            AclCommand.class
        })
public final class OozieHa implements Runnable {
    static final int OK = 0;
    static final int FINDINGS = 1;
    static final int CANNOT_TELL = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Exits the JVM with the command's code. */
    public static void main(String[] args) {
        int code = run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
        System.exit(code);
    }

    /** Runs one command and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commands = new CommandLine(new OozieHa());
        for (ClusterReport report : ServiceLoader.load(ClusterReport.class, OozieHa.class.getClassLoader())) {
            CommandLine command = new CommandLine(new ReportCommand(report));
            command.getCommandSpec().usageMessage().description(report.description());
            commands.addSubcommand(report.name(), command);
        }
        return commands.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    String reason = e instanceof CannotTellException ? e.getMessage() : e.toString();
                    if (parsed.originalArgs().contains("--json")) {
                        command.getOut().println(JsonText.write(Collections.singletonMap("error", reason)));
                    }
                    command.getErr().println("oozie-ha: " + reason);
                    return CANNOT_TELL;
                })
                .execute(args);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
    }
}
