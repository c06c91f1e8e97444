package io.github.interactioncode

import kotlin.coroutines.cancellation.CancellationException

/**
 * What the app's callbacks threw during one call, so that the very exception comes out of the call. Callbacks run on the thread
 * of the call; only the type of what they did not declare crosses into the core, because its text may hold anything.
 *
 * The generated source enters and leaves (`xtask/src/mends.rs`).
 */
internal class Thrown private constructor(private val outer: Thrown?) {
    private var last: Throwable? = null

    /** What the call throws for `error`. */
    fun out(error: Exception): Throwable {
        val thrown = last ?: return error
        if (endsAll(thrown)) return thrown
        if (error !is SignInException) return error
        if (thrown is SignInException && thrown.javaClass == error.javaClass && thrown.details == error.details) return thrown
        val caused = error is SignInException.App || thrown is TransportException
        return if (caused && error !is SignInException.Cancelled) error.apply { initCause(thrown) } else error
    }

    companion object {
        private val calls = ThreadLocal<Thrown?>()

        /** A call begins; there may be one around it. */
        fun enter(): Thrown = Thrown(calls.get()).also(calls::set)

        /** It is over. */
        fun leave(call: Thrown) = call.outer?.let(calls::set) ?: calls.remove()

        /** Before a callback: nobody is asked any more in a call that is to end. */
        fun begin() {
            val call = calls.get() ?: return
            call.last?.takeIf(::endsAll)?.let { throw it }
            call.last = null
        }

        /** A bug of the library, as what every failure is. */
        fun bug(text: String): SignInException {
            val details = appFailure("a bug of the library: $text", "Please report it")
            return SignInException.Internal(details.copy(kind = ErrorKind.INTERNAL, code = INTERNAL))
        }

        /** The number of `ErrorKind.INTERNAL`. */
        private const val INTERNAL = 90

        /** A callback threw. */
        fun keep(thrown: Throwable) {
            calls.get()?.let { if (it.last?.let(::endsAll) != true) it.last = thrown }
        }

        /** What is no failure of a callback, but the end of what this thread does. */
        private fun endsAll(thrown: Throwable) =
            thrown is Error || thrown is CancellationException || thrown is InterruptedException
    }
}
