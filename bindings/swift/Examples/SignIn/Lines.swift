// A screen as lines of text: the same lines in every language, so that two renderers can be compared with `diff`. What each
// sign at the beginning of a line means is written at the head of cli/src/draw.rs.
//
//     swift run SignInExample --render FILE...             # responses that were recorded: the name of each, then its lines

import Foundation
import InteractionCode

func render(_ files: ArraySlice<String>) throws {
    for file in files {
        let screen = try Step.read(response: Data(contentsOf: URL(fileURLWithPath: file))).screen()
        show(([file] + lines(screen)).map { "\($0)\n" }.joined())
    }
}

func lines(_ screen: Screen) -> [String] {
    let who = [screen.subject?.identifier, screen.subject?.name, screen.subject?.app].compactMap(\.self)
    var page = ["# \(screen.title.text)"] + who.map { "@ \($0)" }
    page += screen.notices.flatMap(lines) + screen.elements.flatMap(lines) + screen.ways.flatMap(lines)
    return page + ["$ \(word(screen.suggested.kind))" + (screen.suggested.way.map { " \($0)" } ?? "")]
}

private func lines(_ notice: Notice) -> [String] {
    let at = notice.at.map { " {\($0.path)}" } ?? ""
    return ["! \(word(notice.severity)) \(notice.phrase.text)\(at)"] + inside(notice.links.map(line) + notice.items.flatMap(lines))
}

private func lines(_ element: Element) -> [String] {
    let text = element.phrase.text, ofWay = element.way.map { " >\($0)" } ?? ""
    switch element.kind {
    case .field(let input): return lines(input, ofWay)
    case .choice(let choice):
        return ["? \(choice.label.text) [\(word(choice.style))]\(ofWay)"] + inside(choice.options.flatMap(lines))
    case .picture(_, _, _, _, let label): return ["% \(label.text)\(ofWay)"]
    case .secret(let value, _, _, _), .number(let value): return ["= \(value)\(ofWay)"]
    case .requirements(_, let rules): return rules.map { "* \($0.phrase.text)\(ofWay)" }
    case .consent(let scopes): return scopes.map { "+ \($0.label.text)\(ofWay)" }
    case .waiting(_, _, _, _, let quiet): return quiet ? [] : ["~ \(text)\(ofWay)"]
    case .facts(let rows): return rows.map { ": \($0.label.text): \($0.value)\(ofWay)" }
    case .text(_, let value, _, let links):
        return [". \(text)\(ofWay)"] + inside((value.map { ["= \($0)"] } ?? []) + links.map(line))
    case .frame: return [". \(text)\(ofWay)"]
    }
}

private func lines(_ input: Input, _ ofWay: String) -> [String] {
    ["? \(input.label.text) [\(word(input.ask))\(input.required ? "*" : "")]\(ofWay)"]
        + inside(input.options.map { "- \($0.label.text)" })
}

private func lines(_ option: ChoiceOption) -> [String] {
    let parts = [option.label, option.detail, option.note].compactMap { $0?.text }
    return ["- \(parts.joined(separator: " | "))"] + inside(option.fields.flatMap { lines($0, "") })
}

private func lines(_ way: Way) -> [String] {
    let quiet = way.quiet ? " quiet" : ""
    return ["> \(way.index) \(way.label.text) [\(word(way.role)) \(word(way.does))\(quiet)]"]
}

private func line(_ link: ScreenLink) -> String { "& \(link.label) \(link.url)" }

private func inside(_ lines: [String]) -> [String] { lines.map { "  \($0)" } }

/// The word of a case, as it is in every language: `new_password` of `newPassword(rules: …)`.
private func word(_ value: Any) -> String {
    "\(value)".prefix { $0 != "(" }.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
}
