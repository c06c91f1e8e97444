/*
 * A sign-in in the terminal, in the pull style: the program looks at each step and answers it.
 *
 *     cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070     # in another terminal
 *     java -cp … SignInKt http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
 *
 * It asks for whatever the server asks, by wire names, so it also answers steps that nobody thought of. A program for people
 * hides what is typed (`System.console().readPassword()`) where `field.isSecret`.
 */
import interactioncode.*
import kotlin.system.exitProcess

fun main(arguments: Array<String>) {
    if (arguments.size != 3) exit("usage: SignInKt ISSUER CLIENT_ID REDIRECT_URI")
    val (issuer, clientId, redirectUri) = arguments
    try {
        Client(ClientConfig(issuer, clientId, redirectUri)).start().use(::signIn)
    } catch (error: SignInException) {
        exit("${error.javaClass.simpleName}: ${error.message}")
    }
}

fun signIn(signIn: SignIn) {
    while (!signIn.isComplete()) {
        val step = signIn.step()
        for (message in step.messages) println("! ${message.text}")
        val form = step.remediations.firstOrNull { it.isForm } ?: exit("the sign-in ended without tokens")
        if (form.isPollable) {
            println("waiting … ${step.numberChallenge?.let { "choose $it in your app" } ?: ""}")
            signIn.poll()
        } else {
            signIn.proceed(fill(form))
        }
    }
    println("signed in: ${signIn.finish().subject}")
}

/** Asks for every field of a form. */
fun fill(form: Remediation): Answer {
    println("— ${form.name}")
    return form.fields.fold(form.answer(), ::fill)
}

fun fill(answer: Answer, field: Field): Answer {
    if (!field.isVisible || (!field.isMutable && field.value != null)) return answer
    if (field.options.isNotEmpty()) {
        field.options.forEachIndexed { number, option -> println("  ${number + 1}) ${option.label ?: ""}") }
        val option = field.options[ask(field.path).toInt() - 1]
        return option.fields.fold(answer.choosing(option.id), ::fill)
    }
    if (field.fields.isNotEmpty()) return field.fields.fold(answer, ::fill)
    val text = ask(field.label ?: field.path)
    return when {
        text.isEmpty() -> answer
        field.fieldType == FieldType.Boolean -> answer.settingField(field.id, JsonValue.Boolean(text == "yes"))
        else -> answer.settingField(field.id, JsonValue.Text(text))
    }
}

fun ask(what: String): String {
    print("  $what: ")
    System.out.flush()
    return readlnOrNull() ?: exit("the input is at its end")
}

fun exit(why: String): Nothing {
    System.err.println(why)
    exitProcess(1)
}
