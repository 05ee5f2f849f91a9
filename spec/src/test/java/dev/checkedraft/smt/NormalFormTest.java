package dev.checkedraft.smt;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.smt.Term.Variable;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalFormTest {
    private static final Variable X = new Variable("x_1", Term.INT);

    @Test
    void anEquationOfNumbersIsNoEquivalence() {
        Term condition = Term.exists(List.of(X), Term.apply("p", Term.BOOL, X));
        Term formula = Term.equal(Term.number(1), Term.ite(condition, Term.number(1), Term.number(2)));
        assertThrows(Untranslatable.class, () -> NormalForm.clauses(formula));
    }
}
