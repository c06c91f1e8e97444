/*
 * A sign-in behind a screen of an app: what is drawn, and what a touch does. It has no class of Android in it, so it is tested on
 * a plain JVM. In an app, an `androidx.lifecycle.ViewModel` holds one, made with its `viewModelScope`, and calls `close` when
 * it is cleared; a Compose screen collects `state`.
 */
import io.github.interactioncode.*
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What is drawn. */
data class SignInState(
    /** The title, the notices, the elements in their order; a button or link for each way that is not `quiet`. */
    val screen: Screen? = null,
    /** What is typed for the screen: put it there as it is typed. It stays until another screen comes. */
    val draft: Draft? = null,
    /** What must be typed before the way that was touched can be taken. */
    val problems: List<Check> = emptyList(),
    /** Whether a request is under way: show that, and disable the buttons. */
    val isBusy: Boolean = false,
    /** A code from a mail that the person types where they began. */
    val code: String? = null,
    /** Why the last call failed: choose the words by its class. */
    val failure: SignInException? = null,
    /** How it ended, well or not. `start` begins anew. */
    val ending: Ending? = null,
    /** Who signed in. Keep them encrypted. */
    val tokens: Tokens? = null,
)

/** What only the platform can do. */
interface SignInPlatform {
    /** Opens an address: in a browser, or by whatever app is for it. */
    fun open(url: String)

    /** Makes or uses a passkey, from JSON to JSON: Credential Manager. */
    suspend fun passkey(ask: Ask.Passkey): String
}

/** The state of one sign-in screen. Its methods are called on one thread, that of `scope`; what waits, waits elsewhere. */
class SignInViewModel(
    private val client: Client,
    private val scope: CoroutineScope,
    private val platform: SignInPlatform,
) : AutoCloseable {
    private val shown = MutableStateFlow(SignInState())
    private var signIn: SignIn? = null
    private var work: Job? = null

    /** What is drawn. */
    val state: StateFlow<SignInState> = shown.asStateFlow()

    /** Starts, or starts anew. */
    fun start() = perform {
        signIn?.close()
        signIn = client.awaitStart()
    }

    /** Does what a way does. */
    fun take(way: Way) {
        val draft = shown.value.draft ?: return
        when (way.does) {
            Does.OPEN, Does.LAUNCH -> way.url?.let(platform::open)
            Does.WAIT -> perform {}
            else -> perform {
                if (way.does == Does.PASSKEY) usePasskeys(draft, way)
                val problems = draft.problems(way.index)
                shown.update { it.copy(problems = problems) }
                if (problems.isEmpty()) signIn?.awaitTake(draft, way.index)
            }
        }
    }

    /** The app was opened with this address: the browser came back, or a link in a mail was touched. */
    fun opened(url: String) = perform {
        val code = signIn?.awaitCallback(url)
        shown.update { it.copy(code = code) }
    }

    /** Ends what is under way. The screen stays as it is. */
    fun cancel() {
        work?.cancel()
    }

    /** The screen is gone. */
    override fun close() {
        cancel()
        signIn?.close()
    }

    private suspend fun usePasskeys(draft: Draft, way: Way) = generateSequence { draft.next(way.index) }.toList().forEach {
        val input = (it.kind as? ElementKind.Field)?.input
        (input?.ask as? Ask.Passkey)?.let { ask -> draft.setPasskey(input.node, platform.passkey(ask)) }
    }

    /** One thing at a time: what waits is ended first, then this is done, then it waits on. */
    private fun perform(call: suspend () -> Unit) {
        if (shown.value.isBusy) return
        val before = work
        shown.update { it.copy(isBusy = true, problems = emptyList(), code = null, failure = null) }
        // Begun at once: cancelled before it began, it would never end what is shown as busy.
        work = scope.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                before?.cancelAndJoin()
                reporting(call)
                signIn?.let { reporting { follow(it) } }
            } finally {
                shown.update { it.copy(isBusy = false) }
            }
        }
    }

    private suspend fun reporting(call: suspend () -> Unit) = try {
        call()
    } catch (failed: SignInException) {
        shown.update { it.copy(failure = failed) }
    }

    /** Shows each step, and waits for the next one where it can; tokens at the end. */
    private suspend fun follow(signIn: SignIn) {
        while (!signIn.isComplete()) {
            val ending = signIn.ending()
            if (ending != null) return shown.update { it.copy(screen = signIn.screen(), draft = null, ending = ending) }
            show(signIn)
            if (signIn.step().pollIntervalMs() == null) return
            try {
                signIn.awaitPoll()
            } catch (_: SignInException.TimedOut) {
                // A person may take longer than one call. The server says when it is over.
            }
        }
        shown.update { it.copy(isBusy = true) }
        val tokens = signIn.awaitFinish()
        shown.update { it.copy(screen = null, draft = null, tokens = tokens) }
    }

    /** Draws where the sign-in is. What was typed stays while it is at that screen. */
    private fun show(signIn: SignIn) {
        val draft = shown.value.draft?.takeIf(signIn::isAt) ?: signIn.draft()
        shown.update { it.copy(screen = draft.screen(), draft = draft, isBusy = false, ending = null) }
    }
}
