package interactioncode

/**
 * Answers the steps of [SignIn.run]. Override what your org's policies ask for; what is asked and not overridden ends the run
 * by a `SignInException.App` that names it. One method is called at a time, on the thread of `run`; it may block.
 *
 * What a method throws comes out of the run, and the sign-in is where it was: a `SignInException`, an `Error`,
 * `InterruptedException` and `CancellationException` as they are, anything else as the cause of a `SignInException.App`.
 */
public open class Handler : RemediationHandler {
    /** What the server says to the person: a wrong password, a code on its way. Decide by `key`, show `text`. */
    public open fun messages(messages: List<StepMessage>, step: Step) {}

    /** The name to sign in with. */
    public open fun username(field: Field, step: Step): String = throw missing("username", field.path)

    /** A password: the one to sign in with, or a new one (`step.isPasswordChallenge` tells). */
    public open fun password(field: Field, step: Step): String = throw missing("password", field.path)

    /** A code that was mailed or texted, or that an app shows. */
    public open fun code(field: Field, step: Step): String = throw missing("code", field.path)

    /** A member of the person's profile; `null` leaves it out. Unless overridden, `ask` is asked. */
    public open fun profile(field: Field, step: Step): JsonValue? = ask(field, step)

    /** One of `field.options`, each an authenticator. Unless overridden, `choose` is asked. */
    public open fun chooseAuthenticator(field: Field, step: Step): FieldOption = choose(field, step)

    /** One of `field.options`. */
    public open fun choose(field: Field, step: Step): FieldOption = throw missing("choose", field.path)

    /** Any other value. `null` leaves the field out, which is what happens to an optional one unless this is overridden. */
    public open fun ask(field: Field, step: Step): JsonValue? = if (field.isRequired) throw missing("ask", field.path) else null

    /** The number that the person must choose in their app. Called before each poll while the step has one. */
    public open fun showNumber(number: String, waiting: Waiting): Unit = throw missing("showNumber", "a number to be shown")

    /** Opens an address in the person's browser, and gives the URL that the app was opened with afterwards. */
    public open fun openUrl(url: String, step: Step): String = throw missing("openUrl", "the browser")

    /**
     * Makes a passkey. In and out: the platform's JSON, which Credential Manager takes as the `requestJson` of its
     * `CreatePublicKeyCredentialRequest`, and gives as `registrationResponseJson`.
     */
    public open fun createPasskey(request: String, step: Step): String = throw missing("createPasskey", "a passkey")

    /**
     * Signs with a passkey. In and out: the platform's JSON, which Credential Manager takes as the `requestJson` of its
     * `GetPublicKeyCredentialOption`, and gives as `authenticationResponseJson`.
     */
    public open fun getPasskey(request: String, step: Step): String = throw missing("getPasskey", "a passkey")

    /** Told before each poll what is being waited for. Unless overridden: shows the number, and waits on. */
    override fun waiting(waiting: Waiting): Wait {
        waiting.number?.let { showNumber(it, waiting) }
        return Wait.Continue
    }

    /** What to do with a step. Unless overridden: shows its messages, and fills in its first form by the methods above. */
    override fun remediate(step: Step): Action {
        if (step.messages.isNotEmpty()) messages(step.messages, step)
        val form = step.remediations.firstOrNull { it.isForm }
        if (form != null) return if (form.isPollable) Action.Poll else Action.Proceed(filled(form, step))
        val url = step.remediations.firstNotNullOfOrNull { it.navigation } ?: return Action.Refresh
        return Action.Callback(openUrl(url, step))
    }

    /** An answer to a form, every field of it asked for by the methods of the handler. For an own `remediate`. */
    protected fun filled(form: Remediation, step: Step): Answer {
        val wanted = form.passkey ?: return filled(form.answer(), form.fields, step)
        val creates = wanted.kind == PasskeyKind.CREATE
        val made = if (creates) createPasskey(wanted.json, step) else getPasskey(wanted.json, step)
        return form.answer().settingPasskey(made)
    }

    private fun filled(begun: Answer, fields: List<Field>, step: Step): Answer {
        val asked = fields.filter { it.isVisible && (it.isMutable || it.value == null) }
        return asked.fold(begun) { answer, field ->
            if (field.options.isNotEmpty()) {
                val authenticators = field.options.any { it.authenticators.isNotEmpty() }
                val option = if (authenticators) chooseAuthenticator(field, step) else choose(field, step)
                filled(answer.choosing(option.id), option.fields, step)
            } else if (field.fields.isNotEmpty()) {
                filled(answer, field.fields, step)
            } else {
                value(field, step)?.let { answer.settingField(field.id, it) } ?: answer
            }
        }
    }

    private fun value(field: Field, step: Step): JsonValue? = when {
        field.name == "identifier" -> JsonValue.Text(username(field, step))
        field.name == "passcode" && isPassword(step) -> JsonValue.Text(password(field, step))
        field.name == "passcode" || field.name == "totp" -> JsonValue.Text(code(field, step))
        field.path.startsWith("userProfile.") -> profile(field, step)
        else -> ask(field, step)
    }

    /** A form without an authenticator has both the name and the password. */
    private fun isPassword(step: Step) = step.currentAuthenticator?.key.let { it == null || it == AuthenticatorKey.Password }

    private fun missing(method: String, wanted: String): SignInException {
        val advice = "Override it in ${javaClass.name}"
        val text = "the handler does not implement $method, and the server asks for $wanted. $advice"
        return SignInException.App(ErrorDetails(text = text, advice = advice))
    }
}
