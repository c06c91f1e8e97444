package io.github.interactioncode

/**
 * Answers each step of [SignIn.run], by what its screen asks for. It draws nothing and knows no rule of the protocol.
 *
 * Override what your org's policies ask for. What is not overridden goes to [fill] or [choose]; what these do not answer ends
 * the run by a `SignInException.App` that names it. One method is called at a time, on the thread of `run`; it may block. `null`
 * leaves an input as it is.
 *
 * What a method throws comes out of the run, and the sign-in is where it was: a `SignInException`, an `Error`,
 * `InterruptedException` and `CancellationException` as they are, anything else as the cause of a `SignInException.App`.
 */
public open class SignInHandler internal constructor(private val name: String?) : RemediationHandler {
    /** A handler that has nothing to say yet. */
    public constructor() : this(null)

    /** What the server says to the person: a wrong password, a code on its way. Decide by `key`, show `phrase.text`. */
    public open fun messages(notices: List<Notice>, screen: Screen) {}

    /** The name to sign in with. */
    public open fun username(input: Input, screen: Screen): String? = filled(input, screen)

    /** The current password. */
    public open fun password(input: Input, screen: Screen): String? = filled(input, screen)

    /** A new password or PIN; its `ask` has the rules. Unless overridden, [password] is asked. */
    public open fun newPassword(input: Input, screen: Screen): String? = password(input, screen)

    /** A code that was mailed or texted, or that an app shows. */
    public open fun code(input: Input, screen: Screen): String? = filled(input, screen)

    /** An attribute of the person's profile. */
    public open fun profile(input: Input, screen: Screen): JsonValue? = fill(input, screen)

    /**
     * Any other input: a text (`"true"` and `"17"` do for what is no text), or the value of one of `input.options`. Hide what is
     * typed where `input.secret`. Unless overridden, an optional one is left as it is.
     */
    public open fun fill(input: Input, screen: Screen): JsonValue? =
        if (input.required && input.preset == null) throw missing("fill", input.path) else null

    /** One of `choice.options`, each an authenticator or a way to use it. Unless overridden, [choose] is asked. */
    public open fun chooseAuthenticator(choice: ChoiceElement, screen: Screen): ChoiceOption = choose(choice, screen)

    /** One of `choice.options`. */
    public open fun choose(choice: ChoiceElement, screen: Screen): ChoiceOption = throw missing("choose", choice.path)

    /** Which of `screen.ways` to take where none is suggested. */
    public open fun way(screen: Screen): Way =
        throw missing("way", "one of ${screen.ways.map { it.label.text }}")

    /** Opens an address in the person's browser, and gives the URL that the app was opened with afterwards. */
    public open fun openUrl(url: String, screen: Screen): String = throw missing("openUrl", "the browser")

    /** Hands an address to the operating system, so that another app opens; the run waits for it. */
    public open fun launchUrl(url: String, screen: Screen): Unit = throw missing("launchUrl", "another app")

    /**
     * Makes a passkey. In and out: the platform's JSON, which Credential Manager takes as the `requestJson` of its
     * `CreatePublicKeyCredentialRequest`, and gives as `registrationResponseJson`.
     */
    public open fun createPasskey(request: String, screen: Screen): String = throw missing("createPasskey", "a passkey")

    /**
     * Signs with a passkey. In and out: the platform's JSON, which Credential Manager takes as the `requestJson` of its
     * `GetPublicKeyCredentialOption`, and gives as `authenticationResponseJson`.
     */
    public open fun getPasskey(request: String, screen: Screen): String = throw missing("getPasskey", "a passkey")

    /** The number that the person must choose in their app. Called before each poll while the step has one. */
    public open fun showNumber(number: String, waiting: Waiting): Unit = throw missing("showNumber", "a number to be shown")

    /** Told before each poll what is being waited for. Unless overridden: shows the number, and waits on. */
    override fun waiting(step: Step, waiting: Waiting): Wait {
        waiting.number?.let { showNumber(it, waiting) }
        return Wait.Continue
    }

    /**
     * A device challenge: what to do when an app on this device can answer it, for example [Action.Poll] once that app was asked.
     * Unless overridden, and for `null`, it is given up, and the server offers another way.
     */
    override fun device(step: Step): Action? = null

    /** Shows the code that a link in a mail brought ([Action.Callback]), which the person types where they began. */
    override fun showCode(code: String): Unit = throw missing("showCode", "the code of a mail to be shown")

    /** What to do with a step. Unless overridden: shows its notices, and takes the suggested way of its screen. */
    override fun remediate(step: Step): Action {
        val draft = step.draft()
        val screen = draft.screen()
        if (screen.notices.isNotEmpty()) messages(screen.notices, screen)
        if (screen.suggested.kind == SuggestedKind.WAIT) return Action.Poll
        val way = screen.suggested.way?.let(screen.ways::get) ?: way(screen)
        val url = way.url
        return when {
            url != null && way.does == Does.OPEN -> Action.Callback(openUrl(url, screen))
            url != null && way.does == Does.LAUNCH -> Action.Poll.also { launchUrl(url, screen) }
            else -> Action.Take(draft.also { fill(it, way, screen) }, way.index)
        }
    }

    /** Asks for everything in a way by the methods of the handler. For an own `remediate`. */
    protected fun fill(draft: Draft, way: Way, screen: Screen) {
        generateSequence { draft.next(way.index) }.forEach { element ->
            when (val kind = element.kind) {
                is ElementKind.Choice -> {
                    val authenticators = kind.choice.options.any { it.key != null }
                    val option = if (authenticators) chooseAuthenticator(kind.choice, screen) else choose(kind.choice, screen)
                    draft.choose(kind.choice.node, option.index)
                }
                is ElementKind.Field -> give(draft, kind.input, screen)
                else -> Unit
            }
        }
    }

    private fun give(draft: Draft, input: Input, screen: Screen) {
        when (val ask = input.ask) {
            is Ask.Passkey -> ask.options?.let {
                draft.setPasskey(input.node, if (ask.make) createPasskey(it, screen) else getPasskey(it, screen))
            }
            Ask.Username -> username(input, screen)?.let { draft.setText(input.node, it) }
            Ask.Password -> password(input, screen)?.let { draft.setText(input.node, it) }
            is Ask.NewPassword -> newPassword(input, screen)?.let {
                draft.setText(input.node, it)
                if (ask.confirm != null) draft.confirm(input.node, it)
            }
            is Ask.Code -> code(input, screen)?.let { draft.setText(input.node, it) }
            is Ask.Profile, is Ask.Phone, Ask.Email, Ask.Country ->
                profile(input, screen)?.let { draft.setValue(input.node, it) }
            else -> fill(input, screen)?.let { draft.setValue(input.node, it) }
        }
    }

    private fun filled(input: Input, screen: Screen): String? = when (val value = fill(input, screen)) {
        null -> null
        is JsonValue.Text -> value.text
        is JsonValue.Boolean -> value.value.toString()
        is JsonValue.Integer -> value.value.toString()
        is JsonValue.Json -> value.json
    }

    private fun missing(method: String, wanted: String): SignInException {
        val advice = "Override it in ${name ?: javaClass.name}"
        val text = "the handler does not implement $method, and the server asks for $wanted. $advice"
        return SignInException.App(appFailure(text, advice))
    }
}
