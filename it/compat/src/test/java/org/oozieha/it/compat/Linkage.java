package org.oozieha.it.compat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Would the classes of the pack link on this class path? Answers before a server finds out at run time. */
final class Linkage {
    private static final ClassLoader PLATFORM =
            ClassLoader.getSystemClassLoader().getParent();

    private final Map<String, ClassShape> shapes = new HashMap<>();

    Linkage(ClassPath classPath) throws IOException {
        for (Path path : classPath.jars()) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                    JarEntry entry = entries.nextElement();
                    String name = entry.getName();
                    if (isClass(name)) {
                        try (InputStream in = jar.getInputStream(entry)) {
                            shapes.putIfAbsent(withoutSuffix(name), ClassShape.of(ClassPath.bytes(in)));
                        }
                    }
                }
            }
        }
    }

    void add(String name, byte[] classFile) {
        shapes.put(name, ClassShape.of(classFile));
    }

    /** The class files of the pack itself; what it carries relocated is linked within the jar. */
    static Map<String, byte[]> ownClasses(ClassPath pack) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        for (Path path : pack.jars()) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                    JarEntry entry = entries.nextElement();
                    String name = entry.getName();
                    if (isClass(name) && name.startsWith("org/oozieha/") && !name.startsWith("org/oozieha/shaded/")) {
                        try (InputStream in = jar.getInputStream(entry)) {
                            classes.put(withoutSuffix(name), ClassPath.bytes(in));
                        }
                    }
                }
            }
        }
        return classes;
    }

    /** One line for each reference that does not resolve, and for each method that a class inherits without a body. */
    List<String> missing(String name, byte[] classFile) throws IOException {
        List<String> missing = new ArrayList<>();
        References references = References.of(classFile);
        for (String type : references.types()) {
            if (shape(type) == null) {
                missing.add(name + ": no class " + type);
            }
        }
        for (String reference : references.members()) {
            String owner = reference.substring(0, reference.indexOf('#'));
            String member = reference.substring(owner.length() + 1);
            if (shape(owner) != null && !signaturePolymorphic(owner) && !resolves(owner, member)) {
                missing.add(name + ": no " + reference);
            }
        }
        ClassShape shape = ClassShape.of(classFile);
        for (String type : shape.supertypes()) {
            ClassShape parent = shape(type);
            if (parent != null && parent.isFinal()) {
                missing.add(name + ": extends the final " + type);
            }
        }
        if (!shape.isAbstract()) {
            for (String method : inheritedAbstractMethods(name)) {
                if (!implemented(name, method)) {
                    missing.add(name + ": inherits " + method + " without a body");
                }
            }
        }
        return missing;
    }

    private boolean resolves(String owner, String member) throws IOException {
        ClassShape shape = shape(owner);
        if (shape == null) {
            return false;
        }
        if (shape.declares(member)) {
            return true;
        }
        for (String type : shape.supertypes()) {
            if (resolves(type, member)) {
                return true;
            }
        }
        // an interface's methods may be called as Object's
        return !owner.equals("java/lang/Object") && shape("java/lang/Object").declares(member);
    }

    private boolean implemented(String owner, String method) throws IOException {
        ClassShape shape = shape(owner);
        if (shape == null) {
            return false;
        }
        if (shape.declares(method) && !shape.abstractMethods().contains(method)) {
            return true;
        }
        for (String type : shape.supertypes()) {
            if (implemented(type, method)) {
                return true;
            }
        }
        return false;
    }

    private Set<String> inheritedAbstractMethods(String owner) throws IOException {
        Set<String> methods = new LinkedHashSet<>();
        ClassShape shape = shape(owner);
        if (shape != null) {
            methods.addAll(shape.abstractMethods());
            for (String type : shape.supertypes()) {
                methods.addAll(inheritedAbstractMethods(type));
            }
        }
        return methods;
    }

    private ClassShape shape(String type) throws IOException {
        ClassShape known = shapes.get(type);
        if (known == null && !shapes.containsKey(type)) {
            try (InputStream in = PLATFORM.getResourceAsStream(type + ".class")) {
                known = in == null ? null : ClassShape.of(ClassPath.bytes(in));
            }
            shapes.put(type, known);
        }
        return known;
    }

    private static boolean signaturePolymorphic(String owner) {
        return owner.equals("java/lang/invoke/MethodHandle") || owner.equals("java/lang/invoke/VarHandle");
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.equals("module-info.class");
    }

    private static String withoutSuffix(String name) {
        return name.substring(0, name.length() - ".class".length());
    }
}
