// A window for `SignInModel`: it draws the screen, whatever is on it. One `switch`, no rule.

#if canImport(SwiftUI)
import Foundation
import InteractionCode
import SwiftUI

/// A sign-in for any policy.
@available(iOS 17, macOS 14, *)
public struct SignInView: View {
    @State private var model: SignInModel

    public init(client: Client, hooks: SignInModel.Hooks) { _model = State(initialValue: SignInModel(client: client, hooks: hooks)) }

    public var body: some View {
        Form {
            if let code = model.code { LabeledContent("Type this code where you began", value: code) }
            if let failure = model.failure { Text(failure).foregroundStyle(.red) }
            if let screen = model.screen {
                Section(screen.title.text) {
                    ForEach(screen.notices, id: \.self) { Text($0.phrase.text).foregroundStyle($0.severity == .error ? .red : .primary) }
                    ForEach(screen.elements, id: \.self) { draw($0) }
                }
                ForEach(model.ways, id: \.index) { way in
                    Button(way.label.text, role: way.role == .cancel ? .cancel : nil) { model.take(way) }
                }
            }
            if model.isBusy { ProgressView() }
        }
        .disabled(model.isBusy)
        .onAppear { model.start() }
        .onDisappear { model.cancel() }
        .onOpenURL { model.opened($0.absoluteString) }
    }

    @ViewBuilder private func draw(_ element: Element) -> some View {
        switch element.kind {
        case .field(let input): draw(input)
        case .choice(let choice): draw(choice, element)
        case .picture(_, _, _, let data, let label): Picture(data: data).accessibilityLabel(label.text)
        case .number(let value): Text(value).font(.system(size: 72)).accessibilityLabel("\(element.phrase.text) \(value)")
        case .secret(let value, let spelled, let grouped, _):
            LabeledContent(element.phrase.text) { Text(grouped).monospaced().textSelection(.enabled).accessibilityLabel(spelled) }
            ShareLink(item: value)
        case .requirements(let path, let rules): ForEach(rules, id: \.self) { draw($0, of: path) }
        case .consent(let scopes): ForEach(scopes, id: \.self) { Label($0.label.text, systemImage: "checkmark") }
        case .waiting(_, _, _, _, let quiet): if !quiet { ProgressView(element.phrase.text) }
        case .facts(let rows): ForEach(rows, id: \.self) { LabeledContent($0.label.text, value: $0.value) }
        case .text, .frame: Text(element.phrase.text).textSelection(.enabled)
        }
    }

    @ViewBuilder private func draw(_ input: Input) -> some View {
        let label = input.label.text
        if !input.options.isEmpty {
            Picker(label, selection: $model[option: input]) { ForEach(input.options, id: \.self) { Text($0.label.text).tag(Optional($0)) } }
        } else if input.ask == .toggle {
            Toggle(label, isOn: $model[isOn: input])
        } else if input.secret {
            SecureField(label, text: $model[text: input])
            if case .newPassword(_, let again?, _) = input.ask { SecureField(again.text, text: $model[again: input]) }
        } else {
            TextField(label, text: $model[text: input])
        }
        ForEach(model.problems.filter { $0.path == input.path }, id: \.self) { Text($0.phrase.text).foregroundStyle(.red) }
    }

    @ViewBuilder private func draw(_ choice: ChoiceElement, _ element: Element) -> some View {
        ForEach(choice.options, id: \.index) { option in
            let isChosen = model.chosen(choice) == option
            Button { model.choose(option, of: choice, in: element) } label: {
                Label(option.label.text, systemImage: isChosen ? "circle.inset.filled" : "circle")
                if let detail = option.detail { Text(detail.text).font(.footnote) }
            }
            if isChosen { ForEach(option.fields, id: \.node) { draw($0) } }
        }
    }

    @ViewBuilder private func draw(_ rule: Rule, of path: String) -> some View {
        Label(rule.phrase.text, systemImage: model.meets(rule, path) == true ? "checkmark.circle" : "circle")
    }
}

/// A picture of the server's, or a square code.
@available(iOS 17, macOS 14, *)
private struct Picture: View {
    let data: Data

    var body: some View {
        #if canImport(UIKit)
        if let image = UIImage(data: data) { Image(uiImage: image).interpolation(.none).resizable().scaledToFit() }
        #else
        if let image = NSImage(data: data) { Image(nsImage: image).interpolation(.none).resizable().scaledToFit() }
        #endif
    }
}
#endif
