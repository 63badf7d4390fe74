package io.crmsdk.delivery;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A ledger in memory: who is on the list has said no to marketing. */
final class FakeConsent implements ConsentGate {
    final Set<String> optedOut = ConcurrentHashMap.newKeySet();

    @Override
    public EnqueueAnswer.@Nullable Reject problem(Message message) {
        return null;
    }

    @Override
    public List<Answer> ask(Connection connection, List<Question> questions) {
        List<Answer> answers = new ArrayList<>();
        for (Question question : questions) {
            boolean no = question.scope() != null && optedOut.contains(question.address());
            answers.add(no ? new Answer(Answer.Kind.NO, "opted out") : new Answer(Answer.Kind.YES, ""));
        }
        return answers;
    }
}
