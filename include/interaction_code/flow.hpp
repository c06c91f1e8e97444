/// Flows, and the tokens that they end in.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_FLOW_HPP
#define INTERACTION_CODE_FLOW_HPP

#include "client.hpp"
#include "screen.hpp"

namespace interaction_code {

/// The tokens of a complete sign-in, the ID token verified. Immutable; any thread. Move-only; wiped when
/// destroyed.
class Tokens {
public:
    /// Takes over a handle of the C API.
    explicit Tokens(detail::Handle<ic_tokens, ic_tokens_free> handle) noexcept : handle_(std::move(handle)) {}

    /// The access token. Opaque: do not look inside.
    std::string_view access_token() const noexcept
    {
        return detail::view(ic_tokens_access_token(handle_.get()));
    }
    /// The ID token, as a JWT.
    std::optional<std::string_view> id_token() const noexcept { return text(ic_tokens_id_token); }
    /// The refresh token; there when `offline_access` was granted.
    std::optional<std::string_view> refresh_token() const noexcept { return text(ic_tokens_refresh_token); }
    /// The device secret; there when `device_sso` was granted.
    std::optional<std::string_view> device_secret() const noexcept { return text(ic_tokens_device_secret); }
    /// The scopes that were granted, separated by spaces.
    std::string_view scopes() const noexcept { return detail::view(ic_tokens_scopes(handle_.get())); }
    /// All claims of the verified ID token, as the JSON text that was signed.
    std::optional<std::string_view> claims_json() const noexcept { return text(ic_tokens_claims_json); }
    /// The user's id at this issuer, stable and never reused.
    std::optional<std::string_view> subject() const noexcept { return text(ic_tokens_subject); }
    /// The issuer of the ID token.
    std::optional<std::string_view> issuer() const noexcept { return text(ic_tokens_issuer); }
    /// A claim: the text of a string, the JSON of anything else.
    std::optional<std::string_view> claim(std::string_view name) const
    {
        return detail::maybe(ic_tokens_claim(handle_.get(), detail::CString(name).get()));
    }
    /// How long the access token lives, from its arrival.
    std::optional<std::chrono::seconds> expires_in() const noexcept
    {
        std::uint64_t seconds = 0;
        return ic_tokens_expires_in(handle_.get(), &seconds)
                   ? std::optional(std::chrono::seconds(static_cast<std::int64_t>(seconds)))
                   : std::nullopt;
    }
    /// When the access token ends.
    std::optional<std::chrono::system_clock::time_point> expires_at() const noexcept
    {
        std::int64_t seconds = 0;
        return ic_tokens_expires_at(handle_.get(), &seconds)
                   ? std::optional(std::chrono::system_clock::time_point(std::chrono::seconds(seconds)))
                   : std::nullopt;
    }

    /// The handle of the C API, still this object's.
    ic_tokens handle() const noexcept { return handle_.get(); }

private:
    std::optional<std::string_view> text(ic_str (*get)(ic_tokens)) const noexcept
    {
        return detail::maybe(get(handle_.get()));
    }

    detail::Handle<ic_tokens, ic_tokens_free> handle_;
};

/// One sign-in: always at a step, or complete. One call at a time. Move-only.
///
/// Every call that waits takes a `Call`. On an error the flow is where it was; when `Error::maybe_sent` says
/// that the request may have reached the server, `refresh` before a credential goes out again. The calls that
/// lead on return the next step, or nothing when the flow then has none.
class Flow {
public:
    /// Takes over a handle of the C API.
    explicit Flow(detail::Handle<ic_flow, ic_flow_free> handle) noexcept : handle_(std::move(handle)) {}

    /// What the server asks now. Throws `IC_ERROR_INVALID_STATE` when the flow has no step.
    Step step() const { return look(ic_flow_step); }
    /// The last step that could be answered: differs from `step` after a refusal that came without a form.
    Step form_step() const { return look(ic_flow_form_step); }
    /// Whether the interaction code is here, so that `finish` can redeem it.
    bool is_complete() const noexcept { return ic_flow_is_complete(handle_.get()); }
    /// Whether the tokens were given: nothing is left to do.
    bool is_finished() const noexcept { return ic_flow_is_finished(handle_.get()); }
    /// How it ended: an `IC_ENDING_...` number; 0 while it goes on. Never busy.
    std::int32_t ending() const noexcept { return ic_flow_ending(handle_.get()); }
    /// Why the storage does not have the flow as it is now; nothing when it has, or there is no storage. The
    /// sign-in goes on without. Never busy.
    std::optional<Error> storage_trouble() const
    {
        detail::ErrorHandle trouble;
        detail::call(ic_flow_storage_trouble, handle_.get(), trouble.out());
        if (!trouble) return std::nullopt;
        ic_status status = ic_error_status(trouble.get());
        return Error(status, std::move(trouble));
    }
    /// When it was stored last, counted from 1970; 0 when it is not in a storage. Never busy.
    std::chrono::milliseconds kept_at() const noexcept
    {
        return std::chrono::milliseconds(static_cast<std::int64_t>(ic_flow_kept_at(handle_.get())));
    }
    /// How many requests the flow has made.
    std::uint64_t requests() const noexcept { return ic_flow_requests(handle_.get()); }
    /// The client that it belongs to.
    Client client() const
    {
        detail::Handle<ic_client, ic_client_free> handle;
        detail::call(ic_flow_client, handle_.get(), handle.out());
        return Client(std::move(handle));
    }

    /// The screen of the current step, and after that of each one that follows: call it in a loop whose body takes a way. A
    /// step that the body left as it is, and that can be polled, is polled until it changes. Nothing when the sign-in is
    /// complete: `finish`. A screen with an ending is the last one. Throws `IC_ERROR_INVALID_STATE` when a step that wants
    /// an answer got none.
    std::optional<Screen> next(const Call &call = {})
    {
        detail::ScreenHandle screen;
        ic_call face = call.face();
        detail::call(ic_flow_next, handle_.get(), &face, screen.out());
        return screen ? std::optional(Screen(std::move(screen))) : std::nullopt;
    }
    /// The screen of the current step, and that a challenge was polled before it ended. Never busy.
    Screen screen() const
    {
        detail::ScreenHandle screen;
        detail::call(ic_flow_screen, handle_.get(), screen.out());
        return Screen(std::move(screen));
    }
    /// Takes a way of the draft's screen, with what was given: sends its form or its action, or waits. A refused answer is
    /// a step with notices. Throws `IC_ERROR_INVALID_ANSWER` with problems before anything is sent, and
    /// `IC_ERROR_INVALID_ARGUMENT` for a way that opens or launches an address.
    std::optional<Step> take(const Draft &draft, const Way &way, const Call &call = {})
    {
        detail::StepHandle step;
        ic_call face = call.face();
        detail::call(ic_flow_take, handle_.get(), draft.handle(), way.index(), &face, step.out());
        return came(std::move(step));
    }

    /// Sends an answer. A 4xx with a form in it is a step with messages, not an error.
    std::optional<Step> proceed(const Answer &answer, const Call &call = {})
    {
        detail::StepHandle step;
        ic_call face = call.face();
        detail::call(ic_flow_proceed, handle_.get(), answer.handle(), &face, step.out());
        return came(std::move(step));
    }
    /// Asks the server for the current step. Safe at any time.
    std::optional<Step> refresh(const Call &call = {}) { return act(ic_flow_refresh, call); }
    /// Sends the code or the push again. Throws `IC_ERROR_NOT_FOUND` when the step does not offer it; so do
    /// the next ones.
    std::optional<Step> resend(const Call &call = {}) { return act(ic_flow_resend, call); }
    /// Sends the code, where the step offers that as an action.
    std::optional<Step> send(const Call &call = {}) { return act(ic_flow_send, call); }
    /// Forgot the password.
    std::optional<Step> recover(const Call &call = {}) { return act(ic_flow_recover, call); }
    /// Leaves an optional step out.
    std::optional<Step> skip(const Call &call = {}) { return act(ic_flow_skip, call); }
    /// Cancels at the server; the flow is at a fresh first page.
    std::optional<Step> cancel(const Call &call = {}) { return act(ic_flow_cancel, call); }
    /// Begins anew with the same options: the way on from an expired or ended transaction.
    std::optional<Step> restart(const Call &call = {}) { return act(ic_flow_restart, call); }
    /// Waits until the step changes, five minutes unless `call` says otherwise.
    std::optional<Step> poll(const Call &call = {}) { return act(ic_flow_poll, call); }

    /// As `poll`, telling `waiting` before each poll what is being waited for. When it stops the wait, the
    /// step is the same.
    std::optional<Step> poll_while(std::function<Wait(const Waiting &)> waiting, const Call &call = {})
    {
        const Handler handler{nullptr, std::move(waiting)};
        detail::Running running{handler};
        detail::StepHandle step;
        detail::ErrorHandle error;
        ic_handler handler_face = running.face();
        ic_call face = call.face();
        ic_status status = ic_flow_poll_while(handle_.get(), &handler_face, &face, step.out(), error.out());
        running.conclude(status, std::move(error));
        return came(std::move(step));
    }

    /// Takes the URL that the program was opened with after a redirect or by a link in a mail. Gives a code from a
    /// mail that the current step does not wait for: show it, the person types it where they began.
    std::optional<Buffer> handle_callback(std::string_view url, const Call &call = {})
    {
        ic_call face = call.face();
        detail::BufferHandle code;
        detail::call(ic_flow_handle_callback, handle_.get(), detail::CString(url).get(), &face, code.out());
        return code ? std::optional(Buffer(std::move(code))) : std::nullopt;
    }

    /// Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. What
    /// the handler throws comes out of here as it was thrown. The flow stays usable, and can be run again.
    Tokens run(const Handler &handler, const Call &call = {})
    {
        detail::Running running{handler};
        detail::Handle<ic_tokens, ic_tokens_free> tokens;
        detail::ErrorHandle error;
        ic_handler handler_face = running.face();
        ic_call face = call.face();
        ic_status status = ic_flow_run(handle_.get(), &handler_face, &face, tokens.out(), error.out());
        running.conclude(status, std::move(error));
        return Tokens(std::move(tokens));
    }

    /// Redeems the interaction code, once, and verifies the ID token.
    Tokens finish(const Call &call = {})
    {
        detail::Handle<ic_tokens, ic_tokens_free> tokens;
        ic_call face = call.face();
        detail::call(ic_flow_finish, handle_.get(), &face, tokens.out());
        return Tokens(std::move(tokens));
    }

    /// Saves the flow, for `Client::restore` here or in another process. A secret.
    Buffer save() const
    {
        detail::BufferHandle saved;
        detail::call(ic_flow_save, handle_.get(), saved.out());
        return Buffer(std::move(saved));
    }

    /// The handle of the C API, still this object's.
    ic_flow handle() const noexcept { return handle_.get(); }

private:
    static std::optional<Step> came(detail::StepHandle step)
    {
        return step ? std::optional(Step(std::move(step))) : std::nullopt;
    }

    Step look(ic_status (*get)(ic_flow, ic_step *, ic_error *)) const
    {
        detail::StepHandle step;
        detail::call(get, handle_.get(), step.out());
        return Step(std::move(step));
    }

    std::optional<Step> act(ic_status (*action)(ic_flow, const ic_call *, ic_step *, ic_error *),
                            const Call &call)
    {
        detail::StepHandle step;
        ic_call face = call.face();
        detail::call(action, handle_.get(), &face, step.out());
        return came(std::move(step));
    }

    detail::Handle<ic_flow, ic_flow_free> handle_;
};

inline Flow Client::start(const StartOptions &options, const Call &call) const
{
    detail::MaybeCString login_hint(options.login_hint), acr_values(options.acr_values);
    detail::MaybeCString activation_token(options.activation_token), recovery_token(options.recovery_token);
    detail::MaybeCString device_token(options.device_token), user_agent(options.device_user_agent);
    detail::MaybeCString forwarded_for(options.device_forwarded_for), languages(options.device_languages);
    std::vector<ic_pair> extra;
    for (const auto &pair : options.extra) {
        for (const std::string &text : {std::cref(pair.first), std::cref(pair.second)}) {
            if (text.find('\0') != std::string::npos) {
                throw Error(IC_ERROR_INVALID_ARGUMENT, "a text has a NUL inside", false);
            }
        }
        extra.push_back({pair.first.c_str(), pair.second.c_str()});
    }
    ic_start_options face = IC_START_OPTIONS_INIT;
    face.login_hint = login_hint.get();
    face.acr_values = acr_values.get();
    face.activation_token = activation_token.get();
    face.recovery_token = recovery_token.get();
    face.device_token = device_token.get();
    face.device_user_agent = user_agent.get();
    face.device_forwarded_for = forwarded_for.get();
    face.device_languages = languages.get();
    face.extra = extra.data();
    face.extra_count = extra.size();
    if (options.max_age) {
        face.has_max_age = 1;
        face.max_age =
            options.max_age->count() > 0 ? static_cast<std::uint64_t>(options.max_age->count()) : 0;
    }
    detail::Handle<ic_flow, ic_flow_free> flow;
    ic_call call_face = call.face();
    detail::call(ic_flow_start, handle_.get(), &face, &call_face, flow.out());
    return Flow(std::move(flow));
}

inline Flow Client::restore(std::string_view saved) const
{
    detail::Handle<ic_flow, ic_flow_free> flow;
    detail::call(ic_flow_restore, handle_.get(), saved.data(), saved.size(), flow.out());
    return Flow(std::move(flow));
}

inline std::optional<Flow> Client::resume() const
{
    detail::Handle<ic_flow, ic_flow_free> flow;
    detail::call(ic_flow_resume, handle_.get(), flow.out());
    return flow ? std::optional(Flow(std::move(flow))) : std::nullopt;
}

inline std::vector<Flow> Client::resume_all() const
{
    std::vector<Flow> flows;
    for (;;) {
        detail::Handle<ic_flow, ic_flow_free> flow;
        detail::call(ic_flow_resume_at, handle_.get(), flows.size(), flow.out());
        if (!flow) return flows;
        flows.push_back(Flow(std::move(flow)));
    }
}

} // namespace interaction_code

#endif
