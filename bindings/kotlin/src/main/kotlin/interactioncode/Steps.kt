@file:JvmName("Steps")

package interactioncode

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The current step, and then each that follows. The collector answers the step (`awaitProceed`, `awaitResend`, …) before it
 * returns; one that is waited on (a push, a link in a mail) it may leave as it is, and it is polled. After a call that failed
 * and was caught, the same step comes again. The flow ends when the sign-in is complete: then [awaitFinish].
 *
 * It throws what a poll throws, `SignInException.Ended` after a step that no answer leads on from, and
 * `SignInException.Misuse` when a step that wants an answer got none. Each collection begins at the current step. Operators that
 * let the collector lag behind (`buffer`, `conflate`, `flowOn`) do not go with it: the next step is there once this is answered.
 */
public fun SignIn.steps(): Flow<Step> = flow {
    var last: Pair<Long, Long>? = null
    while (!isComplete()) {
        var step = step()
        if (Pair(step.id, requests()) == last) {
            if (step.pollIntervalMs == null) throw unanswered(step)
            step = awaitPoll()
            if (isComplete()) break
        }
        last = Pair(step.id, requests())
        emit(step)
    }
}

private fun unanswered(step: Step): SignInException {
    if (!step.isTerminal) {
        val text = "the step was not answered by the collector"
        return SignInException.Misuse(
            ErrorDetails("invalid_state", 22, text, "Answer each step before the collector returns"),
        )
    }
    return SignInException.Ended(
        ErrorDetails(
            kind = "terminal", code = 71, text = "the sign-in ended without tokens", advice = "restart begins anew",
            httpStatus = step.httpStatus, requestId = step.requestId,
            serverMessages = step.messages.map { ServerMessage(it.key, it.text, it.path) },
        ),
    )
}
