package org.oozieha.sharelib;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.action.hadoop.JavaActionExecutor;
import org.apache.oozie.service.ActionService;
import org.apache.oozie.service.ConfigurationService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the configured action types want of the sharelib. Immutable. */
final class Launchers {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");

    private final Collection<JavaActionExecutor> executors;

    private Launchers(Collection<JavaActionExecutor> executors) {
        this.executors = executors;
    }

    /** Reads the action types from Oozie's configuration, as its ActionService does: it does not show them to others. */
    static Launchers of(Configuration conf) {
        Map<String, JavaActionExecutor> byType = new TreeMap<>();
        for (String key :
                new String[] {ActionService.CONF_ACTION_EXECUTOR_CLASSES, ActionService.CONF_ACTION_EXECUTOR_EXT_CLASSES
                }) {
            for (Class<?> type : ConfigurationService.getClasses(conf, key)) {
                if (JavaActionExecutor.class.isAssignableFrom(type)) {
                    add(byType, type.asSubclass(JavaActionExecutor.class));
                }
            }
        }
        return new Launchers(byType.values());
    }

    private static void add(Map<String, JavaActionExecutor> byType, Class<? extends JavaActionExecutor> type) {
        try {
            JavaActionExecutor executor = type.getDeclaredConstructor().newInstance();
            byType.put(executor.getType(), executor);
        } catch (ReflectiveOperationException e) {
            LOG.warn("No launcher jars for actions of this class, it cannot be made: class={} {}", type.getName(), e);
        }
    }

    /** Key to the classes the launchers of that type need; a type whose classes this server lacks is left out. */
    Map<String, List<Class<?>>> classes() {
        Map<String, List<Class<?>>> classes = new TreeMap<>();
        classes.put(JavaActionExecutor.OOZIE_COMMON_LIBDIR, JavaActionExecutor.getCommonLauncherClasses());
        for (JavaActionExecutor executor : executors) {
            try {
                List<Class<?>> needed = executor.getLauncherClasses();
                if (needed != null) {
                    classes.put(executor.getType(), needed);
                }
            } catch (RuntimeException e) {
                LOG.warn(
                        "No launcher jars for actions of this type, its classes are not on this server's class path:"
                                + " type={}",
                        executor.getType());
            }
        }
        return classes;
    }

    /** Names of the files in a sharelib that configure actions instead of being shipped with them. */
    Set<String> configurationNames() {
        Set<String> names = new HashSet<>();
        for (JavaActionExecutor executor : executors) {
            String[] files = executor.getShareLibFilesForActionConf();
            names.addAll(files == null ? Collections.<String>emptyList() : Arrays.asList(files));
        }
        return names;
    }
}
