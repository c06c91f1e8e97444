package io.github.interactioncode

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/**
 * A [SignInHandler] whose methods suspend, for `awaitRun`: each may show a dialog and wait for it. They run in the context of
 * the coroutine that called `awaitRun`, so on the main thread where that does; when it is cancelled, so is the method.
 *
 * Override what your org's policies ask for; what is not overridden does what [SignInHandler] does.
 */
public open class SuspendingHandler {
    /** As [SignInHandler.messages]. */
    public open suspend fun messages(notices: List<Notice>, screen: Screen) {}

    /** As [SignInHandler.username]. */
    public open suspend fun username(input: Input, screen: Screen): String? = blocking.username(input, screen)

    /** As [SignInHandler.password]. */
    public open suspend fun password(input: Input, screen: Screen): String? = blocking.password(input, screen)

    /** As [SignInHandler.newPassword]. Unless overridden, [password] is asked. */
    public open suspend fun newPassword(input: Input, screen: Screen): String? = password(input, screen)

    /** As [SignInHandler.code]. */
    public open suspend fun code(input: Input, screen: Screen): String? = blocking.code(input, screen)

    /** As [SignInHandler.profile]. */
    public open suspend fun profile(input: Input, screen: Screen): JsonValue? = fill(input, screen)

    /** As [SignInHandler.fill]. */
    public open suspend fun fill(input: Input, screen: Screen): JsonValue? = blocking.fill(input, screen)

    /** As [SignInHandler.chooseAuthenticator]. Unless overridden, [choose] is asked. */
    public open suspend fun chooseAuthenticator(choice: ChoiceElement, screen: Screen): ChoiceOption = choose(choice, screen)

    /** As [SignInHandler.choose]. */
    public open suspend fun choose(choice: ChoiceElement, screen: Screen): ChoiceOption = blocking.choose(choice, screen)

    /** As [SignInHandler.way]. */
    public open suspend fun way(screen: Screen): Way = blocking.way(screen)

    /** As [SignInHandler.openUrl]. */
    public open suspend fun openUrl(url: String, screen: Screen): String = blocking.openUrl(url, screen)

    /** As [SignInHandler.launchUrl]. */
    public open suspend fun launchUrl(url: String, screen: Screen): Unit = blocking.launchUrl(url, screen)

    /** As [SignInHandler.createPasskey]. */
    public open suspend fun createPasskey(request: String, screen: Screen): String = blocking.createPasskey(request, screen)

    /** As [SignInHandler.getPasskey]. */
    public open suspend fun getPasskey(request: String, screen: Screen): String = blocking.getPasskey(request, screen)

    /** As [SignInHandler.showNumber]. */
    public open suspend fun showNumber(number: String, waiting: Waiting): Unit = blocking.showNumber(number, waiting)

    /** What is not overridden: the same of a handler that has nothing. It names this class. */
    private val blocking = SignInHandler(javaClass.name)

    /** This handler for the library, which asks on a thread of its own. */
    internal fun asked(context: CoroutineContext): SignInHandler = Asked(this, context)

    private class Asked(private val handler: SuspendingHandler, private val context: CoroutineContext) :
        SignInHandler(handler.javaClass.name) {
        private fun <T> ask(question: suspend SuspendingHandler.() -> T): T =
            runBlocking { withContext(context) { handler.question() } }

        override fun messages(notices: List<Notice>, screen: Screen) = ask { messages(notices, screen) }
        override fun username(input: Input, screen: Screen) = ask { username(input, screen) }
        override fun password(input: Input, screen: Screen) = ask { password(input, screen) }
        override fun newPassword(input: Input, screen: Screen) = ask { newPassword(input, screen) }
        override fun code(input: Input, screen: Screen) = ask { code(input, screen) }
        override fun profile(input: Input, screen: Screen) = ask { profile(input, screen) }
        override fun fill(input: Input, screen: Screen) = ask { fill(input, screen) }
        override fun chooseAuthenticator(choice: ChoiceElement, screen: Screen) = ask { chooseAuthenticator(choice, screen) }
        override fun choose(choice: ChoiceElement, screen: Screen) = ask { choose(choice, screen) }
        override fun way(screen: Screen) = ask { way(screen) }
        override fun openUrl(url: String, screen: Screen) = ask { openUrl(url, screen) }
        override fun launchUrl(url: String, screen: Screen) = ask { launchUrl(url, screen) }
        override fun createPasskey(request: String, screen: Screen) = ask { createPasskey(request, screen) }
        override fun getPasskey(request: String, screen: Screen) = ask { getPasskey(request, screen) }
        override fun showNumber(number: String, waiting: Waiting) = ask { showNumber(number, waiting) }
    }
}
