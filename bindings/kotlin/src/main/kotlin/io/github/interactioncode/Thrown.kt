package io.github.interactioncode

import com.sun.jna.Native
import java.util.ArrayDeque
import java.util.concurrent.atomic.AtomicLong
import kotlin.coroutines.cancellation.CancellationException

/**
 * What the app's callbacks threw during one call, so that the very exception comes out of the call. Only the type of what they
 * did not declare crosses into the core, because its text may hold anything.
 *
 * Callbacks run on the thread of the call, and their exceptions are found by it; but a token request, which must end even when
 * nobody waits for it any more, runs on a short-lived thread of the library's own. What is thrown there is kept in [Apart], and
 * goes to the call that fails of it meanwhile.
 *
 * The generated source enters and leaves (`xtask/src/mends.rs`).
 */
internal class Thrown private constructor(private val outer: Thrown?) {
    private var last: Throwable? = null
    private val since = Apart.now()

    /** What the call throws for `error`. */
    fun out(error: Exception): Throwable {
        val thrown = last ?: (error as? SignInException)?.let { Apart.take(it, since) } ?: return error
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
            val call = calls.get() ?: return Apart.begin()
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
            val call = calls.get() ?: return Apart.keep(thrown)
            if (call.last?.let(::endsAll) != true) call.last = thrown
        }

        /** What is no failure of a callback, but the end of what this thread does. */
        private fun endsAll(thrown: Throwable) =
            thrown is Error || thrown is CancellationException || thrown is InterruptedException
    }
}

/** What callbacks threw on threads of the library's own: the newest, for the calls that are under way. */
private object Apart {
    private class Kept(val number: Long, val thrown: Throwable)

    /** So many calls can fail at once and still have each its cause; more is not kept. */
    private const val MOST = 64

    private val count = AtomicLong()
    private val kept = ArrayDeque<Kept>()

    /** Stands for this moment. */
    fun now(): Long = count.get()

    /**
     * Before a callback. The thread stays attached to the JVM until it ends: JNA otherwise detaches it after each callback, and
     * says that it cannot where one callback came out of another.
     */
    fun begin() {
        try {
            Native.detach(false)
        } catch (_: IllegalStateException) {
            // A thread of the JVM: there is nothing to detach.
        }
    }

    fun keep(thrown: Throwable) {
        if (thrown is TransportException.Cancelled) return
        synchronized(kept) {
            if (kept.size == MOST) kept.removeFirst()
            kept.addLast(Kept(count.incrementAndGet(), thrown))
        }
    }

    /** What `error` came of, if it was thrown since then: the newest that became such an error. It is nobody else's then. */
    fun take(error: SignInException, since: Long): Throwable? = synchronized(kept) {
        val found = kept.lastOrNull { it.number > since && became(it.thrown, error.details) } ?: return null
        kept.remove(found)
        found.thrown
    }

    /** Whether the library makes such an error of it (`src/mobile/transport.rs`). */
    private fun became(thrown: Throwable, details: ErrorDetails): Boolean = when (thrown) {
        is TransportException.Cancelled -> false
        is TransportException.TimedOut -> details.kind == ErrorKind.TIMEOUT
        is TransportException.Offline -> details.kind == ErrorKind.OFFLINE
        is TransportException.Tls -> details.kind == ErrorKind.TLS
        is TransportException.Proxy -> details.kind == ErrorKind.PROXY
        is TransportException.Network -> details.kind == ErrorKind.NETWORK
        is TransportException.TooLarge -> details.kind == ErrorKind.LIMIT_EXCEEDED
        is TransportException.Failed -> details.kind == ErrorKind.CALLBACK
        is SignInException -> details.kind == thrown.details.kind
        else -> details.kind == ErrorKind.CALLBACK
    }
}
