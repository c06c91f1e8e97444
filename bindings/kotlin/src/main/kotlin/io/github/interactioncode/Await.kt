/**
 * The waiting calls for coroutines: `awaitStart`, `awaitProceed`, `awaitPoll`, …, each the blocking call of its name.
 *
 * They have names of their own because a member always hides an extension of the same name. Each runs on a thread that it has
 * for itself while it lasts, a daemon, reused afterwards: `Dispatchers.IO` has 64, so 64 people who wait for a push would stop
 * everything else in the app. When the coroutine is cancelled, the request or the wait is: within 200 ms the call ends by
 * `CancellationException`, nothing runs on behind it, and the sign-in is where it was and can be used at once. A call that was
 * done before the cancel reached it gives its result, so that tokens are never lost.
 */
@file:JvmName("Await")

package io.github.interactioncode

import java.util.concurrent.Executors
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.suspendCoroutine
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.runInterruptible

/**
 * Any blocking call of this package, for coroutines: `interruptible { signIn.pollWhile(handler, it) }`. Pass the options that
 * `work` is given on: they carry the cancel. A token of the app's in `call` ends it by `SignInException.Cancelled`.
 */
public suspend fun <T> interruptible(call: CallOptions? = null, work: (CallOptions) -> T): T {
    val context = currentCoroutineContext()
    context.ensureActive()
    val token = CancelToken()
    val given = call?.cancel?.onCancel(OnCancel { token.cancel() })
    val watcher = Job(context[Job])
    val watch = watcher.invokeOnCompletion { runCatching { token.cancel() } }
    try {
        // Not cancellable itself: it ends when the work has ended.
        return suspendCoroutine { waiting ->
            THREADS.execute { waiting.resumeWith(runCatching { work(CallOptions(token, call?.timeoutMs)) }) }
        }
    } catch (cancelled: SignInException.Cancelled) {
        if (call?.cancel?.isCancelled() != true) context.ensureActive()
        throw cancelled
    } finally {
        watch.dispose()
        watcher.complete()
        given?.use { it.remove() }
        token.close()
    }
}

/** A listener made of a function: `token.onCancel(OnCancel { … })`. It is called on the thread that cancels, and must not block. */
public class OnCancel(private val work: Runnable) : CancelListener {
    override fun cancelled(): Unit = work.run()
}

/**
 * Makes a client without holding up the main thread: the first one loads the library, which takes some 200 ms. The constructor
 * does the same where it is called.
 */
public suspend fun awaitClient(config: ClientConfig, hosts: Hosts? = null): Client = interruptible { Client(config, hosts) }

/** As [Client.start]. */
public suspend fun Client.awaitStart(options: StartOptions? = null, call: CallOptions? = null): SignIn =
    interruptible(call) { start(options, it) }

/** As [Client.prepare]. */
public suspend fun Client.awaitPrepare(call: CallOptions? = null): Unit = interruptible(call) { prepare(it) }

/** As [SignIn.proceed]. */
public suspend fun SignIn.awaitProceed(answer: Answer, call: CallOptions? = null): Step =
    interruptible(call) { proceed(answer, it) }

/** As [SignIn.take]. */
public suspend fun SignIn.awaitTake(draft: Draft, way: Int, call: CallOptions? = null): Step =
    interruptible(call) { take(draft, way, it) }

/** As [SignIn.next]. */
public suspend fun SignIn.awaitNext(call: CallOptions? = null): Next = interruptible(call) { next(it) }

/** As [SignIn.refresh]. */
public suspend fun SignIn.awaitRefresh(call: CallOptions? = null): Step = interruptible(call) { refresh(it) }

/** As [SignIn.resend]. */
public suspend fun SignIn.awaitResend(call: CallOptions? = null): Step = interruptible(call) { resend(it) }

/** As [SignIn.send]. */
public suspend fun SignIn.awaitSend(call: CallOptions? = null): Step = interruptible(call) { send(it) }

/** As [SignIn.recover]. */
public suspend fun SignIn.awaitRecover(call: CallOptions? = null): Step = interruptible(call) { recover(it) }

/** As [SignIn.skip]. */
public suspend fun SignIn.awaitSkip(call: CallOptions? = null): Step = interruptible(call) { skip(it) }

/** As [SignIn.cancel]: cancels at the server. */
public suspend fun SignIn.awaitCancel(call: CallOptions? = null): Step = interruptible(call) { cancel(it) }

/** As [SignIn.restart]. */
public suspend fun SignIn.awaitRestart(call: CallOptions? = null): Step = interruptible(call) { restart(it) }

/** As [SignIn.poll]. */
public suspend fun SignIn.awaitPoll(call: CallOptions? = null): Step = interruptible(call) { poll(it) }

/** As [SignIn.handleCallback]. */
public suspend fun SignIn.awaitCallback(url: String, call: CallOptions? = null): String? =
    interruptible(call) { handleCallback(url, it) }

/** As [SignIn.finish]. */
public suspend fun SignIn.awaitFinish(call: CallOptions? = null): Tokens = interruptible(call) { finish(it) }

/**
 * As [SignIn.run]. The handler is called on a thread of this package, so it may block until a person has answered; when the
 * coroutine is cancelled meanwhile, that thread is interrupted.
 */
public suspend fun SignIn.awaitRun(handler: RemediationHandler, call: CallOptions? = null): Tokens {
    val asking = Asking(handler, currentCoroutineContext().minusKey(ContinuationInterceptor))
    return interruptible(call) { run(asking, it) }
}

/** As [SignIn.run], with a handler whose methods suspend. They run in the context of the caller: on its dispatcher. */
public suspend fun SignIn.awaitRun(handler: SuspendingHandler, call: CallOptions? = null): Tokens {
    val asking = handler.asked(currentCoroutineContext())
    return interruptible(call) { run(asking, it) }
}

/** Asks a handler so that it is interrupted when the job of `context` is cancelled. */
private class Asking(private val handler: RemediationHandler, private val context: CoroutineContext) : RemediationHandler {
    override fun remediate(step: Step) = runBlocking(context) { runInterruptible { handler.remediate(step) } }

    override fun waiting(step: Step, waiting: Waiting) =
        runBlocking(context) { runInterruptible { handler.waiting(step, waiting) } }

    override fun device(step: Step) = runBlocking(context) { runInterruptible { handler.device(step) } }

    override fun showCode(code: String) = runBlocking(context) { runInterruptible { handler.showCode(code) } }
}

/** Runs it on a thread that it has for itself. */
internal fun inThread(work: Runnable): Unit = THREADS.execute(work)

private val THREADS = Executors.newCachedThreadPool { Thread(it, "interaction-code").apply { isDaemon = true } }
