package io.crmsdk.delivery;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentQuestion;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The consent ledger as the outbox asks it: one query for all that is about to be handed over. */
final class LedgerGate implements ConsentGate {
    private final ConsentLedger ledger;

    LedgerGate(ConsentLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public EnqueueAnswer.@Nullable Reject problem(Message message) {
        String code = EnqueueAnswer.Reject.BAD_SCOPE;
        try {
            Scope.of(Objects.requireNonNullElse(message.scope(), ""));
            code = EnqueueAnswer.Reject.BAD_RECIPIENT;
            message.recipients().forEach(ContactKey::parse);
            return null;
        } catch (ConsentException e) {
            return new EnqueueAnswer.Reject(message.key(), code, "nothing was stored: " + e.getMessage());
        }
    }

    @Override
    public List<Answer> ask(Connection connection, List<Question> questions) throws SQLException {
        Answer[] answers = new Answer[questions.size()];
        List<ConsentQuestion> asked = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            try {
                asked.add(question(questions.get(i)));
                places.add(i);
            } catch (ConsentException e) {
                // Nobody can have agreed by an address that is none; an owed message is the channel's to judge.
                boolean owed = questions.get(i).scope() == null;
                answers[i] = new Answer(owed ? Answer.Kind.YES : Answer.Kind.NO, owed ? "" : e.getMessage());
            }
        }
        List<ConsentDecision> decisions = ledger.decide(connection, asked);
        for (int i = 0; i < decisions.size(); i++) {
            answers[places.get(i)] = answer(asked.get(i), decisions.get(i));
        }
        return Arrays.asList(answers);
    }

    @Override
    public boolean held(Connection connection) throws SQLException {
        return ledger.held(connection);
    }

    private static ConsentQuestion question(Question question) {
        ContactKey key = ContactKey.parse(question.address());
        String scope = question.scope();
        return scope == null ? ConsentQuestion.transactional(key) : new ConsentQuestion(key, Scope.of(scope));
    }

    private static Answer answer(ConsentQuestion question, ConsentDecision decision) {
        String reason = "consent: " + decision.explain();
        return switch (decision.verdict()) {
            case ALLOWED -> new Answer(Answer.Kind.YES, question.scope() == null ? "" : reason);
            case OPTED_OUT, UNKNOWN -> new Answer(Answer.Kind.NO, reason);
            case HOLD -> new Answer(Answer.Kind.WAIT, reason);
        };
    }
}
