// A screen for `SignInModel`: every field of the step's forms, whatever they are.

#if canImport(SwiftUI)
import InteractionCode
import SwiftUI

/// A sign-in screen that answers any policy by its forms.
@available(iOS 17, macOS 14, *)
public struct SignInView: View {
    @State private var model: SignInModel
    @State private var texts: [String: String] = [:]

    public init(client: Client) { _model = State(initialValue: SignInModel(client: client)) }

    public var body: some View {
        Form {
            ForEach(Array(model.messages.enumerated()), id: \.offset) { Text($0.element.text) }
            if let number = model.number { Text(number).font(.largeTitle).accessibilityLabel("Choose \(number) in your app") }
            if let failure = model.failure { Text(failure).foregroundStyle(.red) }
            ForEach(forms, id: \.id) { form in
                Section {
                    ForEach(inputs(form.fields), id: \.id) { field in
                        if field.isSecret { SecureField(field.label ?? field.path, text: text(field)) }
                        else { TextField(field.label ?? field.path, text: text(field)) }
                    }
                    ForEach(choices(form), id: \.option.id) { choice in
                        Button(choice.option.label ?? "") { model.submit(form.answer().choosing(option: choice.option.id)) }
                    }
                    if choices(form).isEmpty { Button("Continue") { submit(form) } }
                }
            }
            if model.isBusy { ProgressView() }
            Button("Back") { model.back() }
        }
        .disabled(model.isBusy)
        .onAppear { model.start() }
        .onDisappear { model.cancel() }
    }

    private var forms: [Remediation] { model.step?.remediations.filter { $0.isForm && !$0.isPollable } ?? [] }

    private func inputs(_ fields: [Field]) -> [Field] {
        fields.filter { $0.isVisible && $0.options.isEmpty && $0.fieldType != .boolean }
            .flatMap { $0.fields.isEmpty ? [$0] : inputs($0.fields) }
    }

    private func choices(_ form: Remediation) -> [(field: Field, option: FieldOption)] {
        form.fields.flatMap { field in field.options.map { (field, $0) } }
    }

    private func text(_ field: Field) -> Binding<String> {
        Binding(get: { texts[field.path] ?? "" }, set: { texts[field.path] = $0 })
    }

    private func submit(_ form: Remediation) {
        let answer = inputs(form.fields).reduce(form.answer()) { answer, field in
            texts[field.path].map { answer.settingField(field: field.id, value: .text(text: $0)) } ?? answer
        }
        texts = [:]
        model.submit(answer)
    }
}
#endif
