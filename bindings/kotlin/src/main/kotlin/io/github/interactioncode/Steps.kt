@file:JvmName("Steps")

package io.github.interactioncode

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The current step, and then each that follows: [SignIn.next] as a flow. The collector answers the step (`awaitTake`,
 * `awaitProceed`, …) before it returns; one that is waited on (a push, a link in a mail) it may leave as it is, and it is
 * polled, each time by the limits of `call`. After a call that failed and was caught, the same step comes again. The flow ends
 * with the sign-in: [SignIn.ending] says how, and [awaitFinish] has the tokens of one that is complete.
 *
 * It throws what `next` throws: what a poll throws, and `SignInException.Misuse` when a step that wants an answer got none. A
 * second collection goes on where the first one was. Operators that let the collector lag behind (`buffer`, `conflate`, `flowOn`) do not go
 * with it: the next step is there once this is answered.
 */
public fun SignIn.steps(call: CallOptions? = null): Flow<Step> = flow {
    while (true) emit((awaitNext(call) as? Next.At ?: break).step)
}
