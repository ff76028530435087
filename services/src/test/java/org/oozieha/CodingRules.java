package org.oozieha;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** House rules that byte code can show. */
final class CodingRules {
    static List<ArchRule> rules() {
        return Arrays.asList(rolesAsNames(), noExit(), noSleep());
    }

    private static ArchRule rolesAsNames() {
        return noClasses()
                .that()
                .areNotAssignableTo("javax.persistence.EntityManager")
                .should()
                .haveNameMatching(".*(Util|Utils|Utilities|Manager|Helper|Helpers)(\\$.*)?")
                .because("a class is named after its role")
                .allowEmptyShould(true);
    }

    private static ArchRule noExit() {
        return noClasses()
                .should()
                .callMethodWhere(calls("the JVM's exit, outside main", call -> {
                    String owner = call.getTargetOwner().getName();
                    String method = call.getTarget().getName();
                    boolean exit = owner.equals(System.class.getName()) && method.equals("exit")
                            || owner.equals(Runtime.class.getName())
                                    && (method.equals("exit") || method.equals("halt"));
                    return exit && !call.getOrigin().getName().equals("main");
                }))
                .because("Oozie's JVM is not ours to stop")
                .allowEmptyShould(true);
    }

    private static ArchRule noSleep() {
        return noClasses()
                .should()
                .callMethodWhere(calls("a sleep", call -> {
                    String owner = call.getTargetOwner().getName();
                    return call.getTarget().getName().equals("sleep")
                            && (owner.equals(Thread.class.getName()) || owner.equals(TimeUnit.class.getName()));
                }))
                .because("time comes by constructor, and a wait has a condition")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaCall<?>> calls(String description, Predicate<JavaCall<?>> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }

    private CodingRules() {}
}
