package org.oozieha.it.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.Effect;

/** One step of a job as one server ran it: from its first change of a file to its last. Immutable. */
public final class StepRun {
    private final String server;
    private final String job;
    private final String step;
    private final long fromMillis;
    private final long toMillis;
    private final boolean finished;

    private StepRun(String server, String job, String step, long fromMillis, long toMillis, boolean finished) {
        this.server = server;
        this.job = job;
        this.step = step;
        this.fromMillis = fromMillis;
        this.toMillis = toMillis;
        this.finished = finished;
    }

    /** The steps behind the recorded effects; one that was cut off ends, unfinished, when its server was killed. */
    public static List<StepRun> of(List<Effect> effects, long killedAtMillis) {
        Map<String, Effect> open = new HashMap<>();
        List<StepRun> runs = new ArrayList<>();
        for (Effect effect : effects) {
            if (!effect.operation().equals("mkdirs")) {
                continue;
            }
            String key = effect.server() + effect.incarnation() + effect.action() + effect.path();
            if (effect.isDone()) {
                runs.add(run(open.remove(key), effect.atMillis(), true));
            } else {
                open.put(key, effect);
            }
        }
        open.values().forEach(effect -> runs.add(run(effect, Math.max(killedAtMillis, effect.atMillis()), false)));
        runs.sort((a, b) -> Long.compare(a.fromMillis, b.fromMillis));
        return runs;
    }

    private static StepRun run(Effect before, long toMillis, boolean finished) {
        String action = before.action();
        String step = action.substring(action.indexOf('@') + 1);
        return new StepRun(before.server(), before.job(), step, before.atMillis(), toMillis, finished);
    }

    public String server() {
        return server;
    }

    public String job() {
        return job;
    }

    public String step() {
        return step;
    }

    public long fromMillis() {
        return fromMillis;
    }

    public long toMillis() {
        return toMillis;
    }

    /** False when the server was killed in the middle of it. */
    public boolean finished() {
        return finished;
    }
}
