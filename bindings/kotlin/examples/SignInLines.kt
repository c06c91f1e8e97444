/*
 * A screen as lines of text, each line a sign and what stands there: the same lines as `interaction-code inspect --screen`
 * prints and the examples of the other languages, so that renderers can be compared. The head of `cli/src/draw.rs` has the
 * signs.
 *
 *     java -cp … SignInKt --render response.json …
 */
import io.github.interactioncode.*
import java.io.File

/** Prints the screens of recorded responses. */
fun render(files: List<String>) {
    for (file in files) {
        println(file)
        lines(Step.read(File(file).readBytes()).screen()).forEach(::println)
    }
}

/** The lines of a screen. */
fun lines(screen: Screen): List<String> = buildList {
    add("# ${screen.title.text}")
    screen.subject?.run { listOfNotNull(identifier, name, app).forEach { add("@ $it") } }
    screen.notices.forEach { add(it) }
    screen.elements.forEach { addAll(lines(it)) }
    for (way in screen.ways) {
        add("> ${way.index} ${way.label.text} [${word(way.role)} ${word(way.does)}${if (way.quiet) " quiet" else ""}]")
    }
    add("$ ${word(screen.suggested.kind)}${screen.suggested.way?.let { " $it" } ?: ""}")
}

private fun lines(element: Element): List<String> = buildList {
    val ofWay = element.way?.let { " >$it" } ?: ""
    when (val kind = element.kind) {
        is ElementKind.Field -> add(kind.input, "", ofWay)
        is ElementKind.Choice -> {
            add("? ${kind.choice.label.text} [${word(kind.choice.style)}]$ofWay")
            for (option in kind.choice.options) {
                add("  - " + listOfNotNull(option.label, option.detail, option.note).joinToString(" | ") { it.text })
                option.fields.forEach { add(it, "    ", "") }
            }
        }
        is ElementKind.Picture -> add("% ${kind.label.text}$ofWay")
        is ElementKind.Secret -> add("= ${kind.value}$ofWay")
        is ElementKind.Number -> add("= ${kind.value}$ofWay")
        is ElementKind.Requirements -> kind.rules.forEach { add("* ${it.phrase.text}$ofWay") }
        is ElementKind.Consent -> kind.scopes.forEach { add("+ ${it.label.text}$ofWay") }
        is ElementKind.Waiting -> if (!kind.quiet) add("~ ${element.phrase.text}$ofWay")
        is ElementKind.Facts -> kind.rows.forEach { add(": ${it.label.text}: ${it.value}$ofWay") }
        else -> {
            add(". ${element.phrase.text}$ofWay")
            if (kind is ElementKind.Text) {
                kind.value?.let { add("  = $it") }
                kind.links.forEach { add("  & ${it.label} ${it.url}") }
            }
        }
    }
}

private fun MutableList<String>.add(notice: Notice, deep: String = "") {
    add("$deep! ${word(notice.severity)} ${notice.phrase.text}${notice.at?.let { " {${it.path}}" } ?: ""}")
    notice.links.forEach { add("$deep  & ${it.label} ${it.url}") }
    notice.items.forEach { add(it, "$deep  ") }
}

private fun MutableList<String>.add(input: Input, deep: String, ofWay: String) {
    add("$deep? ${input.label.text} [${word(input.ask)}${if (input.required) "*" else ""}]$ofWay")
    input.options.forEach { add("$deep  - ${it.label.text}") }
}

/** The wire word of a member of a closed set. */
private fun word(member: Enum<*>) = member.name.lowercase()

private fun word(ask: Ask) = ask.javaClass.simpleName.replace(Regex("(?<=[a-z])[A-Z]"), "_$0").lowercase()
