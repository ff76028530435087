package org.oozieha.it.compat;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Every class, method and field of Oozie, Hadoop and the servlet API that the pack names exists where it is dropped in. */
public final class LinkageTest {
    private static final String CALLER = "org/oozieha/it/compat/Caller";

    @Test
    public void the_pack_links_on_oozie_5_1_0_and_hadoop_3_3_6() throws IOException {
        assertEquals(Collections.emptyList(), missing(ClassPath.vendor()));
    }

    @Test
    public void the_pack_links_on_stock_oozie_5_2_1() throws IOException {
        assertEquals(Collections.emptyList(), missing(ClassPath.stock()));
    }

    @Test
    public void a_missing_method_is_found() throws IOException {
        assertFinding(
                calling("org/apache/oozie/service/Services", "gone"), "no org/apache/oozie/service/Services#gone()V");
    }

    @Test
    public void a_missing_class_is_found() throws IOException {
        assertFinding(calling("org/apache/oozie/Gone", "any"), "no class org/apache/oozie/Gone");
    }

    @Test
    public void an_interface_method_without_a_body_is_found() throws IOException {
        assertFinding(withoutBody("org/apache/oozie/service/Service"), "inherits destroy()V without a body");
    }

    private static List<String> missing(ClassPath oozie) throws IOException {
        ClassPath pack = ClassPath.pack();
        Linkage linkage = new Linkage(oozie.and(ClassPath.hcatalog()).and(pack));
        List<String> missing = new ArrayList<>();
        Map<String, byte[]> classes = Linkage.ownClasses(pack);
        assertTrue("classes of the pack: " + classes.size(), classes.size() > 10);
        for (Map.Entry<String, byte[]> type : classes.entrySet()) {
            missing.addAll(linkage.missing(type.getKey(), type.getValue()));
        }
        Collections.sort(missing);
        return missing;
    }

    private static void assertFinding(byte[] classFile, String finding) throws IOException {
        Linkage linkage = new Linkage(ClassPath.vendor());
        linkage.add(CALLER, classFile);
        assertEquals(Arrays.asList(CALLER + ": " + finding), linkage.missing(CALLER, classFile));
    }

    private static byte[] calling(String owner, String method) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, CALLER, null, "java/lang/Object", null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "call", "()V", null, null);
        code.visitCode();
        code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, method, "()V", false);
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** Has init and getInterface, but no destroy. */
    private static byte[] withoutBody(String type) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, CALLER, null, "java/lang/Object", new String[] {type});
        body(writer, "init", "(Lorg/apache/oozie/service/Services;)V");
        body(writer, "getInterface", "()Ljava/lang/Class;");
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void body(ClassWriter writer, String method, String descriptor) {
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, method, descriptor, null, null);
        code.visitCode();
        code.visitInsn(Opcodes.ACONST_NULL);
        code.visitInsn(Opcodes.ATHROW);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }
}
