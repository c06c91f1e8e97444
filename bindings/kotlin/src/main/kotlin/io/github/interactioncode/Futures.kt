package io.github.interactioncode

import java.util.concurrent.CompletableFuture
import java.util.function.Function

/**
 * Calls that wait as `CompletableFuture`s, for Java: `Futures.of(call -> signIn.proceed(answer, call))`.
 *
 * Each runs on a thread of this package, a daemon. `cancel(true)` on the future ends the request within 200 ms, and the sign-in is
 * where it was; the future itself is cancelled at once. A failure is the cause of the `ExecutionException` or
 * `CompletionException`: a [SignInException]. Stages that are chained to a future run on the thread that completed it, unless
 * they are given an executor.
 */
public object Futures {
    /** Any call of this package. Pass the options that `work` is given on: they carry the cancel. */
    @JvmStatic
    public fun <T> of(work: Function<CallOptions, T>): CompletableFuture<T> = of(null, work)

    /** As [of], with a time limit or a token of the app's own. */
    @JvmStatic
    public fun <T> of(call: CallOptions?, work: Function<CallOptions, T>): CompletableFuture<T> {
        val token = CancelToken()
        val future = Cancelling<T>(token)
        val given = call?.cancel?.onCancel(OnCancel { token.cancel() })
        inThread {
            try {
                future.complete(work.apply(CallOptions(token, call?.timeoutMs)))
            } catch (failed: Throwable) {
                future.completeExceptionally(failed)
            } finally {
                given?.use { it.remove() }
                token.close()
            }
        }
        return future
    }

    /** Makes a client: the first one loads the library, which takes its time. */
    @JvmStatic
    @JvmOverloads
    public fun client(config: ClientConfig, hosts: Hosts? = null): CompletableFuture<Client> = of { Client(config, hosts) }

    private class Cancelling<T>(private val token: CancelToken) : CompletableFuture<T>() {
        override fun cancel(mayInterruptIfRunning: Boolean): Boolean =
            super.cancel(mayInterruptIfRunning).also { if (it) token.cancel() }
    }
}
