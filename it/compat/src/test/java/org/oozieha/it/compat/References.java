package org.oozieha.it.compat;

import java.util.LinkedHashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Every class, method and field that the code of a class names. */
final class References extends ClassVisitor {
    private final Set<String> types = new LinkedHashSet<>();
    private final Set<String> members = new LinkedHashSet<>();

    private References() {
        super(Opcodes.ASM9);
    }

    static References of(byte[] classFile) {
        References references = new References();
        new ClassReader(classFile).accept(references, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return references;
    }

    /** Internal names, e.g. {@code java/lang/String}. */
    Set<String> types() {
        return types;
    }

    /** Owner, a hash sign, and name with descriptor. */
    Set<String> members() {
        return members;
    }

    private void type(Type type) {
        if (type.getSort() == Type.ARRAY) {
            type(type.getElementType());
        } else if (type.getSort() == Type.OBJECT) {
            types.add(type.getInternalName());
        } else if (type.getSort() == Type.METHOD) {
            type(type.getReturnType());
            for (Type argument : type.getArgumentTypes()) {
                type(argument);
            }
        }
    }

    private void member(String owner, String name, String descriptor) {
        type(Type.getObjectType(owner));
        type(Type.getType(descriptor));
        if (owner.charAt(0) != '[') {
            members.add(owner + '#' + name + descriptor);
        }
    }

    private void constant(Object value) {
        if (value instanceof Type) {
            type((Type) value);
        } else if (value instanceof Handle) {
            Handle handle = (Handle) value;
            member(handle.getOwner(), handle.getName(), handle.getDesc());
        } else if (value instanceof ConstantDynamic) {
            constant(((ConstantDynamic) value).getBootstrapMethod());
        }
    }

    @Override
    public void visit(int version, int flags, String name, String signature, String parent, String[] interfaces) {
        types.add(parent);
        for (String type : interfaces) {
            types.add(type);
        }
    }

    @Override
    public FieldVisitor visitField(int flags, String name, String descriptor, String signature, Object value) {
        type(Type.getType(descriptor));
        return null;
    }

    @Override
    public MethodVisitor visitMethod(int flags, String name, String descriptor, String signature, String[] thrown) {
        type(Type.getType(descriptor));
        if (thrown != null) {
            for (String type : thrown) {
                types.add(type);
            }
        }
        return new Code();
    }

    private final class Code extends MethodVisitor {
        Code() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            type(Type.getObjectType(type));
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
            type(Type.getType(descriptor));
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            member(owner, name, descriptor);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            member(owner, name, descriptor);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            type(Type.getType(descriptor));
            constant(bootstrap);
            for (Object argument : arguments) {
                constant(argument);
            }
        }

        @Override
        public void visitLdcInsn(Object value) {
            constant(value);
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
            if (type != null) {
                types.add(type);
            }
        }
    }
}
