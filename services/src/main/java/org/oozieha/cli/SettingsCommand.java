package org.oozieha.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.oozieha.config.Setting;
import org.oozieha.config.Settings;
import org.oozieha.service.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "settings", description = "Prints all properties the pack reads, as a Markdown table.")
final class SettingsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(json ? JsonText.write(rows()) + "\n" : Settings.markdown());
        spec.commandLine().getOut().flush();
        return OozieHa.OK;
    }

    private static List<Map<String, String>> rows() {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Setting<?> setting : Settings.all()) {
            Map<String, String> row = new LinkedHashMap<>();
            row.put("key", setting.key());
            row.put("type", setting.type());
            row.put("default", setting.defaultText());
            row.put("unit", setting.unit());
            row.put("allowed", setting.allowed());
            row.put("description", setting.description());
            rows.add(row);
        }
        return rows;
    }
}
