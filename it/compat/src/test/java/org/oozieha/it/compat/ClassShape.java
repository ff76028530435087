package org.oozieha.it.compat;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What other classes can see of a class: its supertypes, methods and fields; private ones only of the pack's own classes. */
final class ClassShape extends ClassVisitor {
    private final Set<String> supertypes = new LinkedHashSet<>();
    private final Set<String> members = new HashSet<>();
    private final Set<String> abstractMethods = new HashSet<>();
    private int access;
    private boolean own;

    private ClassShape() {
        super(Opcodes.ASM9);
    }

    static ClassShape of(byte[] classFile) {
        ClassShape shape = new ClassShape();
        new ClassReader(classFile)
                .accept(shape, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return shape;
    }

    boolean isAbstract() {
        return has(access, Opcodes.ACC_ABSTRACT);
    }

    boolean isFinal() {
        return has(access, Opcodes.ACC_FINAL);
    }

    Set<String> supertypes() {
        return supertypes;
    }

    /** Whether it declares this method or field itself; a member is name and descriptor in one string. */
    boolean declares(String member) {
        return members.contains(member);
    }

    Set<String> abstractMethods() {
        return abstractMethods;
    }

    @Override
    public void visit(int version, int flags, String name, String signature, String parent, String[] interfaces) {
        access = flags;
        own = name.startsWith("org/oozieha/");
        if (parent != null) {
            supertypes.add(parent);
        }
        for (String type : interfaces) {
            supertypes.add(type);
        }
    }

    @Override
    public MethodVisitor visitMethod(int flags, String name, String descriptor, String signature, String[] thrown) {
        if (own || !has(flags, Opcodes.ACC_PRIVATE)) {
            members.add(name + descriptor);
            if (has(flags, Opcodes.ACC_ABSTRACT)) {
                abstractMethods.add(name + descriptor);
            }
        }
        return null;
    }

    @Override
    public FieldVisitor visitField(int flags, String name, String descriptor, String signature, Object value) {
        if (own || !has(flags, Opcodes.ACC_PRIVATE)) {
            members.add(name + descriptor);
        }
        return null;
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
