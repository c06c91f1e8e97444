/*
 * A sign-in behind a screen: what the screen shows, and what its buttons do. It has no class of Android in it, so it is tested on
 * a plain JVM. In an app, an `androidx.lifecycle.ViewModel` holds one, made with its `viewModelScope`, and calls `close` when
 * it is cleared; a Compose screen collects `state`.
 */
import interactioncode.*
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the screen shows. */
data class SignInState(
    /** What the server asks now: show its forms and its messages. */
    val step: Step? = null,
    /** Whether a request is under way: show that, and disable the buttons. */
    val isBusy: Boolean = false,
    /** Whether something is waited for that happens elsewhere: a push, a link in a mail. Show `step.numberChallenge`. */
    val isWaiting: Boolean = false,
    /** Why the last call failed, for the person to read. */
    val failure: String? = null,
    /** Who signed in: the sign-in is over. Keep them encrypted. */
    val tokens: Tokens? = null,
)

/** The state of one sign-in screen. Its methods are called on one thread, that of `scope`; what waits, waits elsewhere. */
class SignInViewModel(private val client: Client, private val scope: CoroutineScope) : AutoCloseable {
    private val shown = MutableStateFlow(SignInState())
    private var signIn: SignIn? = null
    private var work: Job? = null

    /** What the screen shows. */
    val state: StateFlow<SignInState> = shown.asStateFlow()

    /** Starts, or starts anew. */
    fun start() = perform {
        signIn?.close()
        signIn = client.awaitStart()
    }

    /** Sends an answer: `model.submit(form.answer().setting(field.path, text))`. */
    fun submit(answer: Answer) = perform { signIn?.awaitProceed(answer) }

    /** Sends the code or the push again. */
    fun resend() = perform { signIn?.awaitResend() }

    /** Back to the first page. */
    fun back() = perform { signIn?.awaitCancel() }

    /** Ends what is under way. `start` begins anew. */
    fun cancel() {
        work?.cancel()
    }

    /** The screen is gone. */
    override fun close() {
        cancel()
        signIn?.close()
    }

    /** One thing at a time: what waits is ended first, and then this is done. */
    private fun perform(call: suspend () -> Any?) {
        if (shown.value.isBusy) return
        val before = work
        shown.update { it.copy(isBusy = true, isWaiting = false, failure = null) }
        // Begun at once: cancelled before it began, it would never end what is shown as busy.
        work = scope.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                before?.cancelAndJoin()
                call()
                follow(signIn ?: return@launch)
            } catch (gone: CancellationException) {
                // The person, or the screen, has gone another way.
                throw gone
            } catch (failed: SignInException) {
                shown.update { it.copy(failure = failed.message) }
            } finally {
                shown.update { it.copy(isBusy = false, isWaiting = false) }
            }
        }
    }

    /** Shows the step; while it can be polled, waits for the next one. Tokens at the end. */
    private suspend fun follow(signIn: SignIn) {
        signIn.steps()
            .onEach { step -> shown.update { it.copy(step = step) } }
            .takeWhile { it.pollIntervalMs != null }
            .collect { shown.update { it.copy(isBusy = false, isWaiting = true) } }
        if (!signIn.isComplete()) return
        shown.update { it.copy(isBusy = true, isWaiting = false) }
        val tokens = signIn.awaitFinish()
        shown.update { it.copy(step = null, tokens = tokens) }
    }
}
