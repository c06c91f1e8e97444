// A sign-in behind a window: what it draws, and what its buttons do. It has nothing of SwiftUI in it, so it is tested where there
// is none; `SignInView.swift` draws it. What stands on the screen and what leads on is decided by the library.

import InteractionCode
import Observation

/// The state of one sign-in. All of it is of the main actor; what waits, waits elsewhere.
@MainActor
@Observable
public final class SignInModel {
    /// What to draw. How a sign-in that is over ended is in its `ending`.
    public private(set) var screen: Screen?
    /// The ways to draw a button for: those whose time has come (a code is not sent again at once).
    public private(set) var ways: [Way] = []
    /// What is wrong with what was typed; nothing was sent.
    public private(set) var problems: [Check] = []
    /// Whether a request is under way: show that, and disable the buttons.
    public private(set) var isBusy = false
    /// Whether something is waited for that happens elsewhere: a push, a link in a mail.
    public private(set) var isWaiting = false
    /// Why the last call failed.
    public private(set) var failure: String?
    /// A code of a mail that was opened here and is to be typed where the person began.
    public private(set) var code: String?
    /// Who signed in. Keep them in the keychain.
    public private(set) var tokens: Tokens?

    /// What only the app can do.
    public struct Hooks: Sendable {
        /// Opens an address in the browser, or another app by it. What comes back goes to `opened`.
        public var open: @MainActor @Sendable (String) -> Void = { _ in }
        /// Makes a passkey (`true`) or uses one: the JSON of Web Authentication, in and out.
        public var passkey: @Sendable (Bool, String) async throws -> String = { _, _ in throw CancellationError() }
        /// Lets so many milliseconds pass.
        public var pause: @Sendable (Int64) async throws -> Void = { try await Task.sleep(nanoseconds: UInt64($0) * 1_000_000) }
        public init() {}
    }

    private let client: Client
    private let hooks: Hooks
    private let patience: CallOptions?
    private var signIn: SignIn?
    private var draft: Draft?
    private var confirmed: [Int32: String] = [:]
    private var edits = 0
    private var turn = 0
    private var work: Task<Void, Never>?
    private var clock: Task<Void, Never>?

    /// `patience` bounds one stretch of waiting; after it the next one begins.
    public init(client: Client, hooks: Hooks = Hooks(), patience: CallOptions? = nil) {
        (self.client, self.hooks, self.patience) = (client, hooks, patience)
    }

    /// Starts, or starts anew.
    public func start() {
        perform { [client] _ in try await client.start() }
    }

    /// Does what a way does.
    public func take(_ way: Way) {
        guard let draft else { return }
        switch (way.does, way.url) {
        case (.open, let url?), (.launch, let url?): hooks.open(url)
        case (.wait, _): perform { $0 }
        default:
            perform { [hooks] signIn in
                if way.does == .passkey { try await Self.passkey(draft, way, hooks) }
                let problems = try draft.problems(way: way.index)
                await self.show(problems)
                if problems.isEmpty { try await signIn?.take(draft: draft, way: way.index) }
                return signIn
            }
        }
    }

    /// The app was opened with this address.
    public func opened(_ url: String) {
        perform { signIn in
            await self.show(code: try await signIn?.handleCallback(url: url))
            return signIn
        }
    }

    /// Ends what is under way: the window is going away. `start` begins anew.
    public func cancel() {
        work?.cancel()
        clock?.cancel()
    }

    // MARK: - What is typed

    /// The text in an input.
    public subscript(text input: Input) -> String {
        get {
            switch value(input) {
            case .text(let text), .json(let text): text
            case .integer(let number): "\(number)"
            case .boolean, nil: ""
            }
        }
        set { change { try $0.setText(node: input.node, text: newValue) } }
    }

    /// Whether a toggle is on.
    public subscript(isOn input: Input) -> Bool {
        get { value(input) == .boolean(value: true) }
        set { change { try $0.setFlag(node: input.node, value: newValue) } }
    }

    /// The option of an input that is chosen.
    public subscript(option input: Input) -> InputOption? {
        get { value(input).flatMap { value in input.options.first { $0.value == value } } }
        set { if let newValue { change { try $0.setValue(node: input.node, value: newValue.value) } } }
    }

    /// The second entry of a new password.
    public subscript(again input: Input) -> String {
        get { confirmed[input.node] ?? "" }
        set {
            confirmed[input.node] = newValue
            change { try $0.confirm(node: input.node, text: newValue) }
        }
    }

    /// Whether what is typed into the input at a path keeps a rule; `nil` where only the server knows.
    public func meets(_ rule: Rule, _ path: String) -> Bool? {
        screen?.inputs.first { $0.path == path }.flatMap { input in look { try $0.meets(node: input.node, rule: rule.kind) } }
    }

    /// The option of a choice that is chosen: draw its fields below it.
    public func chosen(_ choice: ChoiceElement) -> ChoiceOption? {
        look { try $0.chosen(choice: choice.node) }.map { choice.options[Int($0)] }
    }

    /// Chooses an option. One of a list that brings nothing to fill in is sent at once.
    public func choose(_ option: ChoiceOption, of choice: ChoiceElement, in element: Element) {
        change { try $0.choose(choice: choice.node, option: option.index) }
        if choice.style == .list, option.picksAtOnce, let way = element.way, let screen { take(screen.ways[Int(way)]) }
    }

    private func value(_ input: Input) -> JsonValue? { look { try $0.value(node: input.node) } }

    private func look<Value>(_ work: (Draft) throws -> Value?) -> Value? {
        _ = edits                                                   // what looks is told when something is typed
        return draft.flatMap { try? work($0) }
    }

    private func change(_ work: (Draft) throws -> Void) {
        guard let draft else { return }
        do { try work(draft) } catch { failure = error.localizedDescription }
        edits += 1
    }

    // MARK: - What waits

    private nonisolated static func passkey(_ draft: Draft, _ way: Way, _ hooks: Hooks) async throws {
        for input in try draft.screen().inputs where way.inputs.contains(input.path) {
            guard case .passkey(let make, _, let options?) = input.ask else { continue }
            try draft.setPasskey(node: input.node, response: await hooks.passkey(make, options))
        }
    }

    private func show(_ found: [Check]) { problems = found }
    private func show(code found: String?) { code = found }

    /// One thing at a time: what waits is ended first, and then this is done.
    private func perform(_ call: @escaping @Sendable (SignIn?) async throws -> SignIn?) {
        guard !isBusy else { return }
        let before = work
        before?.cancel()
        (isBusy, isWaiting, failure, problems) = (true, false, nil, [])
        turn += 1
        work = Task { [turn] in
            await before?.value
            do {
                signIn = try await call(signIn)
                if let signIn { try await follow(signIn) }
            } catch is CancellationError {
                // The person, or the window, has gone another way.
            } catch {
                failure = error.localizedDescription
            }
            // What was ended for another thing has nothing to say about that.
            if turn == self.turn { (isBusy, isWaiting) = (false, false) }
        }
    }

    /// Shows each screen, and waits where one waits, however long that takes. Tokens at the end.
    private func follow(_ signIn: SignIn) async throws {
        while try !signIn.isComplete() {
            try show(signIn)
            guard let draft, let poll = screen?.poll else { return }
            (isBusy, isWaiting) = (false, true)
            do { try await signIn.take(draft: draft, way: poll, call: patience) } catch SignInError.timedOut {}
        }
        isBusy = true
        tokens = try await signIn.finish()
        (screen, draft, ways, confirmed) = (nil, nil, [], [:])
    }

    /// Draws where the sign-in is. What was typed stays, while it is at that screen.
    private func show(_ signIn: SignIn) throws {
        if let draft, try signIn.isAt(draft: draft) { return }
        let now = try signIn.draft(), drawn = try now.screen()
        (draft, screen, confirmed) = (now, drawn, [:])
        let shown = drawn.ways.filter { !$0.quiet }
        clock?.cancel()
        clock = Task { [weak self, hooks] in
            var passed: Int64 = 0
            for time in Set(shown.map(\.afterMs)).sorted() where time > 0 {
                guard (try? await hooks.pause(time - passed)) != nil, !Task.isCancelled else { return }
                passed = time
                self?.ways = shown.filter { $0.afterMs <= passed }
            }
        }
        ways = shown.filter { $0.afterMs == 0 }
    }
}

extension Screen {
    /// The way that waits for what happens elsewhere.
    var poll: Int32? { elements.lazy.compactMap { if case .waiting(_, _, _, let poll, _) = $0.kind { poll } else { nil } }.first }

    /// Its inputs, those that an option brings included.
    var inputs: [Input] {
        elements.flatMap { element in
            switch element.kind {
            case .field(let input): [input]
            case .choice(let choice): choice.options.flatMap(\.fields)
            default: [Input]()
            }
        }
    }
}
