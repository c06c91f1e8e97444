/*
 * A sign-in in the terminal, for any policy: it draws each screen, asks for what is in it, and takes the way that is chosen.
 *
 *     cargo run -p interaction-code-sandbox -- --listen 127.0.0.1:7070        # in another terminal
 *     java -cp … SignInKt http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
 */
import io.github.interactioncode.*
import kotlin.system.exitProcess

fun main(arguments: Array<String>) {
    if (arguments.firstOrNull() == "--render") return render(arguments.drop(1)) // SignInLines.kt
    val (issuer, clientId, redirectUri) = arguments
    val signIn = Client(ClientConfig(issuer, clientId, redirectUri)).start()
    while (true) when (val now = signIn.next()) { // waits by itself where a screen is left as it is
        is Next.At -> try {
            answer(signIn, signIn.draft())
        } catch (error: SignInException.WrongAnswer) { // nothing was sent: the same screen comes again
            error.details.problems.forEach { println("! ${it.path}: ${it.reason}") }
        }
        is Next.Ended -> exit(now.ending.phrase.text)
        Next.Complete -> return println("signed in: ${signIn.finish().subject}")
    }
}

fun answer(signIn: SignIn, draft: Draft) {
    val way = draw(draft.screen())
    if (way.does == Does.WAIT || way.does == Does.LAUNCH) return
    if (way.does == Does.OPEN) return println(signIn.handleCallback(line("open ${way.url} and give the address that it ends at")))
    generateSequence { draft.next(way.index) }.forEach { fill(draft, it) }
    signIn.take(draft, way.index)
}

fun draw(screen: Screen): Way {
    println("\n${screen.title.text}")
    screen.notices.forEach { println("! ${it.phrase.text}") }
    for (element in screen.elements.filter { it.isFront }) when (val kind = element.kind) {
        is ElementKind.Field, is ElementKind.Choice -> Unit // asked for by `fill`
        is ElementKind.Number -> println("${element.phrase.text} ${kind.value}")
        is ElementKind.Secret -> println("${element.phrase.text} ${kind.grouped}")
        is ElementKind.Text -> println("${element.phrase.text} ${kind.value ?: ""}")
        else -> if ((kind as? ElementKind.Waiting)?.quiet != true) println(element.phrase.text)
    }
    screen.suggested.unasked?.let { return screen.ways[it] }
    val suggested = screen.suggested.way?.let(screen.ways::get)
    return choose("how to go on", listOfNotNull(suggested) + screen.ways.filter { it != suggested && !it.quiet }) { it.label.text }
}

fun fill(draft: Draft, element: Element) = when (val kind = element.kind) {
    is ElementKind.Choice -> draft.choose(kind.choice.node, choose(element.phrase.text, kind.choice.options) { it.label.text }.index)
    is ElementKind.Field -> with(kind.input) {
        if (options.isNotEmpty()) return draft.setValue(node, choose(label.text, options) { it.label.text }.value)
        line(label.text, secret).takeIf { it.isNotEmpty() }?.let { draft.setText(node, it) } // "true" and "false" for a toggle
        (ask as? Ask.NewPassword)?.confirm?.let { draft.confirm(node, line(it.text, secret)) }
    }
    else -> Unit
}

fun <T> choose(what: String, choices: List<T>, name: (T) -> String): T {
    if (choices.size > 1) choices.forEachIndexed { at, each -> println("  ${at + 1}) ${name(each)}") }
    return choices.singleOrNull() ?: choices.getOrNull((line("$what (1 to ${choices.size})").toIntOrNull() ?: 1) - 1) ?: choices.first()
}

fun line(what: String, secret: Boolean = false): String {
    System.console()?.takeIf { secret }?.let { return String(it.readPassword("  %s: ", what)) }
    print("  $what: ")
    System.out.flush()
    return readlnOrNull() ?: exit("the input is at its end")
}

fun exit(why: String): Nothing {
    System.err.println(why)
    exitProcess(1)
}
