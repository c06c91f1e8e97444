/// Steps and their forms: values that share the step and keep it alive.
///
/// A name that is not known here is no error: everything can be reached by its wire name, and whatever has no
/// function of its own through `json()`.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_STEP_HPP
#define INTERACTION_CODE_STEP_HPP

#include "view.hpp"

namespace interaction_code {

/// One option of a field. Labels change with the language, and ids may repeat: keep the option itself.
class Option : public detail::View {
public:
    /// For the other views; a program gets one from `Field::options`.
    Option(detail::SharedStep step, ic_node node) noexcept : View(std::move(step), node) {}

    /// The caption. Untrusted; never decide by it.
    std::optional<std::string_view> label() const noexcept { return maybe_text(ic_option_label); }
    /// The scalar to send, as text, when the option is one.
    std::optional<std::string_view> value() const noexcept { return maybe_text(ic_option_value); }
    /// The value as JSON.
    std::optional<std::string_view> value_json() const noexcept { return maybe_text(ic_option_value_json); }
    /// Its place among the options of the field.
    std::size_t index() const noexcept { return ic_option_index(of(), node()); }
    /// Whether choosing it brings a nested form.
    bool has_form() const noexcept { return ic_option_has_form(of(), node()); }
    /// The fields that choosing it brings.
    std::vector<Field> fields() const;
    /// The preset text of a direct sub-field: `id`, `enrollmentId`, `methodType`.
    std::optional<std::string_view> preset(std::string_view name) const
    {
        return detail::maybe(ic_option_preset(of(), node(), detail::CString(name).get()));
    }
    /// The authenticators that it stands for.
    std::vector<Authenticator> authenticators() const
    {
        return list<Authenticator>(ic_option_authenticator_count, ic_option_authenticator);
    }
};

/// A scalar that may be chosen.
struct Choice {
    /// The caption.
    std::optional<std::string_view> label;
    /// The value to send, as text.
    std::optional<std::string_view> value;
    /// The value to send, as JSON: `Answer::set_json`.
    std::string_view json;
};

/// One field of a form.
class Field : public detail::View {
public:
    /// For the other views; a program gets one from `Remediation::fields` and the like.
    Field(detail::SharedStep step, ic_node node) noexcept : View(std::move(step), node) {}

    /// The wire name.
    std::string_view name() const noexcept { return text(ic_field_name); }
    /// The wire names that lead here, joined by dots.
    std::string_view path() const noexcept { return text(ic_field_path); }
    /// The caption, in the user's language. Untrusted.
    std::optional<std::string_view> label() const noexcept { return maybe_text(ic_field_label); }
    /// `string`, `boolean`, `integer`, `number`, `object`, or any other as it came.
    std::string_view type() const noexcept { return text(ic_field_type); }
    /// The preset value, when it is a scalar, as text.
    std::optional<std::string_view> value() const noexcept { return maybe_text(ic_field_value); }
    /// The preset value as JSON.
    std::optional<std::string_view> value_json() const noexcept { return maybe_text(ic_field_value_json); }
    /// How to show the choices: `select`, `radio`, `checkbox`, `text`.
    std::optional<std::string_view> input_type() const noexcept { return maybe_text(ic_field_input_type); }
    /// What fills it: `webauthn`, `captcha`.
    std::optional<std::string_view> hint() const noexcept { return maybe_text(ic_field_hint); }
    /// The format of the text, for example `alphanumeric`.
    std::optional<std::string_view> format() const noexcept { return maybe_text(ic_field_format); }
    /// Whether the server flags it as required.
    bool is_required() const noexcept { return ic_field_is_required(of(), node()); }
    /// Whether to hide what is typed.
    bool is_secret() const noexcept { return ic_field_is_secret(of(), node()); }
    /// Whether to show it.
    bool is_visible() const noexcept { return ic_field_is_visible(of(), node()); }
    /// Whether it may be set.
    bool is_mutable() const noexcept { return ic_field_is_mutable(of(), node()); }
    /// Whether it holds a nested form.
    bool has_form() const noexcept { return ic_field_has_form(of(), node()); }
    /// The least number of characters.
    std::optional<std::uint64_t> min_length() const noexcept { return number(ic_field_min_length); }
    /// The largest number of characters.
    std::optional<std::uint64_t> max_length() const noexcept { return number(ic_field_max_length); }
    /// The fields of the nested form.
    std::vector<Field> fields() const { return list<Field>(ic_field_field_count, ic_field_field); }
    /// What can be chosen.
    std::vector<Option> options() const { return list<Option>(ic_field_option_count, ic_field_option); }
    /// What is wrong with it, or said about it.
    std::vector<Message> messages() const { return list<Message>(ic_field_message_count, ic_field_message); }
    /// The scalars that may be chosen.
    std::vector<Choice> choices() const
    {
        std::vector<Choice> all;
        for (std::size_t i = 0; i < ic_field_choice_count(of(), node()); i++) {
            all.push_back({detail::maybe(ic_field_choice_label(of(), node(), i)),
                           detail::maybe(ic_field_choice_value(of(), node(), i)),
                           detail::view(ic_field_choice_json(of(), node(), i))});
        }
        return all;
    }
};

/// One way to go on: a form with an address, an action beside the forms, or an address for the user's
/// browser.
class Remediation : public detail::View {
public:
    /// For the other views; a program gets one from `Step::remediations` and the like.
    Remediation(detail::SharedStep step, ic_node node) noexcept : View(std::move(step), node) {}

    /// The wire name.
    std::string_view name() const noexcept { return text(ic_remediation_name); }
    /// The address.
    std::optional<std::string_view> href() const noexcept { return maybe_text(ic_remediation_href); }
    /// `POST` or `GET`.
    std::string_view method() const noexcept { return text(ic_remediation_method); }
    /// The media type that the server wants.
    std::optional<std::string_view> accepts() const noexcept { return maybe_text(ic_remediation_accepts); }
    /// The media type of the answer.
    std::optional<std::string_view> produces() const noexcept { return maybe_text(ic_remediation_produces); }
    /// The address to open in the user's browser, when this is no form.
    std::optional<std::string_view> navigation() const noexcept
    {
        return maybe_text(ic_remediation_navigation);
    }
    /// The id of the identity provider of a redirect.
    std::optional<std::string_view> idp_id() const noexcept { return maybe_text(ic_remediation_idp_id); }
    /// Its name.
    std::optional<std::string_view> idp_name() const noexcept { return maybe_text(ic_remediation_idp_name); }
    /// Its type, for example `GOOGLE`.
    std::optional<std::string_view> idp_type() const noexcept { return maybe_text(ic_remediation_idp_type); }
    /// What the platform is to do with passkeys for this form, `create` or `get`; none where it wants no passkey.
    std::optional<std::string_view> passkey_kind() const noexcept { return maybe_text(ic_remediation_passkey_kind); }
    /// What to give the platform's passkeys, as its JSON: `Answer::passkey` takes what comes back.
    std::optional<std::string_view> passkey_request() const noexcept
    {
        return maybe_text(ic_remediation_passkey_request);
    }
    /// Whether a form can be sent.
    bool is_form() const noexcept { return ic_remediation_is_form(of(), node()); }
    /// Whether it is polled: `Flow::poll`.
    bool is_pollable() const noexcept { return ic_remediation_is_pollable(of(), node()); }
    /// How long to wait between polls.
    std::chrono::milliseconds poll_interval() const noexcept
    {
        return std::chrono::milliseconds(
            static_cast<std::int64_t>(ic_remediation_poll_interval_ms(of(), node())));
    }
    /// The fields of the form.
    std::vector<Field> fields() const
    {
        return list<Field>(ic_remediation_field_count, ic_remediation_field);
    }
    /// The field at this dotted path, also nested and inside options.
    std::optional<Field> field(std::string_view path) const
    {
        return found<Field>(ic_remediation_field_named(of(), node(), detail::CString(path).get()));
    }
    /// The authenticators that it is about.
    std::vector<Authenticator> authenticators() const
    {
        return list<Authenticator>(ic_remediation_authenticator_count, ic_remediation_authenticator);
    }
    /// Starts an answer. Throws `IC_ERROR_INVALID_STATE` when this is no form.
    Answer answer() const;
};

/// What the server asks now: one response, an immutable snapshot. Copies share it.
class Step {
public:
    /// Takes over a handle of the C API.
    explicit Step(detail::StepHandle handle)
        : handle_(std::make_shared<const detail::StepHandle>(std::move(handle)))
    {
    }
    /// For the views.
    explicit Step(detail::SharedStep handle) noexcept : handle_(std::move(handle)) {}

    /// Reads a response body of the protocol, for tests and tools.
    static Step read(std::string_view body)
    {
        detail::StepHandle handle;
        detail::call(ic_step_read, body.data(), body.size(), handle.out());
        return Step(std::move(handle));
    }

    /// What it is about, as a word: `identification`, `authenticator_verification`, `challenge_poll`,
    /// `terminal`, ...
    std::string_view status() const noexcept { return detail::view(ic_step_status(handle())); }
    /// The HTTP status it came with. A 4xx is an ordinary step.
    int http_status() const noexcept { return ic_step_http_status(handle()); }
    /// Okta's request id.
    std::optional<std::string_view> request_id() const noexcept
    {
        return detail::maybe(ic_step_request_id(handle()));
    }
    /// The response as it came. Holds handles of the protocol: do not log it.
    std::string_view raw() const noexcept { return detail::view(ic_step_json(handle())); }
    /// The protocol version.
    std::optional<std::string_view> version() const noexcept
    {
        return detail::maybe(ic_step_version(handle()));
    }
    /// The state of the transaction: a secret.
    std::optional<std::string_view> state_handle() const noexcept
    {
        return detail::maybe(ic_step_state_handle(handle()));
    }
    /// When this state ends, as it came.
    std::optional<std::string_view> expires_at_text() const noexcept
    {
        return detail::maybe(ic_step_expires_at_text(handle()));
    }
    /// When this state ends.
    std::optional<std::chrono::system_clock::time_point> expires_at() const noexcept
    {
        std::int64_t seconds = 0;
        return ic_step_expires_at(handle(), &seconds)
                   ? std::optional(std::chrono::system_clock::time_point(std::chrono::seconds(seconds)))
                   : std::nullopt;
    }
    /// What the transaction is for.
    std::optional<std::string_view> intent() const noexcept
    {
        return detail::maybe(ic_step_intent(handle()));
    }
    /// The number that the person must choose in their app. Always show it.
    std::optional<std::string_view> number_challenge() const noexcept
    {
        return detail::maybe(ic_step_number_challenge(handle()));
    }
    /// Where the browser is to go after a success without a code.
    std::optional<std::string_view> success_redirect() const noexcept
    {
        return detail::maybe(ic_step_success_redirect(handle()));
    }
    /// Where the browser is to go after a failure.
    std::optional<std::string_view> failure_redirect() const noexcept
    {
        return detail::maybe(ic_step_failure_redirect(handle()));
    }
    /// Whether no answer leads on.
    bool is_terminal() const noexcept { return ic_step_is_terminal(handle()); }
    /// Whether there is a message of the class ERROR.
    bool has_error() const noexcept { return ic_step_has_error(handle()); }
    /// Whether a password is asked for.
    bool is_password_challenge() const noexcept { return ic_step_is_password_challenge(handle()); }
    /// Whether there is a message with this key.
    bool has_message(std::string_view key) const
    {
        return ic_step_has_message(handle(), detail::CString(key).get());
    }
    /// Whether there is a remediation of this name.
    bool offers(std::string_view name) const { return ic_step_offers(handle(), detail::CString(name).get()); }

    /// The ways to go on; the first is the one that the server suggests.
    std::vector<Remediation> remediations() const
    {
        return list<Remediation>(ic_step_remediation_count, ic_step_remediation);
    }
    /// The first remediation of this name. Throws `IC_ERROR_NOT_FOUND`; see `offers`.
    Remediation remediation(std::string_view name) const
    {
        ic_node node = ic_step_remediation_named(handle(), detail::CString(name).get());
        if (node == IC_NO_NODE) {
            throw Error(IC_ERROR_NOT_FOUND, "this step does not offer the remediation asked for", false);
        }
        return Remediation(handle_, node);
    }
    /// The actions beside the remediations.
    std::vector<Remediation> actions() const
    {
        return list<Remediation>(ic_step_action_count, ic_step_action);
    }
    /// The path of the action at this place: `cancel`, `currentAuthenticator-resend`, ...
    std::optional<std::string_view> action_path(std::size_t index) const noexcept
    {
        return detail::maybe(ic_step_action_path(handle(), index));
    }
    /// The action of this name or path.
    std::optional<Remediation> action(std::string_view name) const
    {
        return found<Remediation>(ic_step_action_named(handle(), detail::CString(name).get()));
    }
    /// The authenticators, each place once.
    std::vector<Authenticator> authenticators() const
    {
        return list<Authenticator>(ic_step_authenticator_count, ic_step_authenticator);
    }
    /// The authenticator that is verified or set up now.
    std::optional<Authenticator> current_authenticator() const
    {
        return found<Authenticator>(ic_step_current_authenticator(handle()));
    }
    /// What the server says, each message once.
    std::vector<Message> messages() const { return list<Message>(ic_step_message_count, ic_step_message); }
    /// What can be polled, if anything: `Flow::poll`.
    std::optional<Remediation> poll() const { return found<Remediation>(ic_step_poll(handle(), nullptr)); }
    /// A member of the response: `user`, `app`, `captcha`, ...
    std::optional<Json> member(std::string_view name) const
    {
        return found<Json>(ic_step_member(handle(), detail::CString(name).get()));
    }
    /// The whole response.
    Json json() const noexcept { return Json(handle_, 0); }

    /// The handle of the C API, still this object's.
    ic_step handle() const noexcept { return handle_->get(); }

private:
    template <typename T> std::optional<T> found(ic_node node) const
    {
        return node != IC_NO_NODE ? std::optional(T(handle_, node)) : std::nullopt;
    }
    template <typename T>
    std::vector<T> list(std::size_t (*count)(ic_step), ic_node (*at)(ic_step, std::size_t)) const
    {
        std::vector<T> all;
        std::size_t length = count(handle());
        all.reserve(length);
        for (std::size_t i = 0; i < length; i++) {
            all.push_back(T(handle_, at(handle(), i)));
        }
        return all;
    }

    detail::SharedStep handle_;
};

inline Step detail::View::step() const noexcept
{
    return Step(step_);
}
inline Json detail::View::json() const noexcept
{
    return Json(step_, node_);
}
inline std::vector<Field> Option::fields() const
{
    return list<Field>(ic_option_field_count, ic_option_field);
}
inline std::vector<Remediation> Authenticator::actions() const
{
    return list<Remediation>(ic_authenticator_action_count, ic_authenticator_action);
}
inline std::optional<Remediation> Authenticator::action(std::string_view name) const
{
    return found<Remediation>(ic_authenticator_action_named(of(), node(), detail::CString(name).get()));
}

} // namespace interaction_code

#endif
