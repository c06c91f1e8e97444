/// What is inside a step, apart from forms: JSON values, messages, authenticators. Values that share the step
/// and keep it alive.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_VIEW_HPP
#define INTERACTION_CODE_VIEW_HPP

#include "error.hpp"

namespace interaction_code {

class Answer;
class Authenticator;
class Field;
class Json;
class Message;
class Option;
class Remediation;
class Step;

namespace detail {

using StepHandle = Handle<ic_step, ic_step_free>;
using SharedStep = std::shared_ptr<const StepHandle>;

/// Something inside a step. Two are equal when they are the same thing of the same step.
class View {
public:
    /// Its number within the step, for the C API.
    ic_node node() const noexcept { return node_; }
    /// The step that it is in.
    Step step() const noexcept;
    /// The same as JSON, as it came.
    Json json() const noexcept;

    friend bool operator==(const View &one, const View &other) noexcept
    {
        return one.step_ == other.step_ && one.node_ == other.node_;
    }
    friend bool operator!=(const View &one, const View &other) noexcept { return !(one == other); }

protected:
    View(SharedStep step, ic_node node) noexcept : step_(std::move(step)), node_(node) {}

    ic_step of() const noexcept { return step_->get(); }
    const SharedStep &shared() const noexcept { return step_; }

    std::string_view text(ic_str (*get)(ic_step, ic_node)) const noexcept { return view(get(of(), node_)); }
    std::optional<std::string_view> maybe_text(ic_str (*get)(ic_step, ic_node)) const noexcept
    {
        return maybe(get(of(), node_));
    }
    std::optional<std::uint64_t> number(bool (*get)(ic_step, ic_node, std::uint64_t *)) const noexcept
    {
        std::uint64_t value = 0;
        return get(of(), node_, &value) ? std::optional(value) : std::nullopt;
    }
    template <typename T> std::optional<T> found(ic_node node) const
    {
        return node != IC_NO_NODE ? std::optional(T(step_, node)) : std::nullopt;
    }
    template <typename T>
    std::vector<T> list(std::size_t (*count)(ic_step, ic_node),
                        ic_node (*at)(ic_step, ic_node, std::size_t)) const
    {
        std::vector<T> all;
        std::size_t length = count(of(), node_);
        all.reserve(length);
        for (std::size_t i = 0; i < length; i++) {
            all.push_back(T(step_, at(of(), node_, i)));
        }
        return all;
    }
    std::vector<std::string_view> texts(std::size_t (*count)(ic_step, ic_node),
                                        ic_str (*at)(ic_step, ic_node, std::size_t)) const
    {
        std::vector<std::string_view> all;
        for (std::size_t i = 0; i < count(of(), node_); i++) {
            all.push_back(view(at(of(), node_, i)));
        }
        return all;
    }

private:
    SharedStep step_;
    ic_node node_;
};

} // namespace detail

/// Any JSON value of a step.
class Json : public detail::View {
public:
    /// For the other views; a program gets one from `json()` or `Step::member`.
    Json(detail::SharedStep step, ic_node node) noexcept : View(std::move(step), node) {}

    /// `null`, `bool`, `number`, `string`, `array` or `object`.
    std::string_view kind() const noexcept { return text(ic_node_kind); }
    /// The text of it, as it came, byte for byte.
    std::string_view raw() const noexcept { return text(ic_node_json); }
    /// A scalar as text: a string without its quotes, a number or `true` as they came.
    std::optional<std::string_view> scalar() const noexcept { return maybe_text(ic_node_text); }
    /// How many elements or members.
    std::size_t size() const noexcept { return ic_node_count(of(), node()); }
    /// The elements of an array, or the values of an object's members.
    std::vector<Json> items() const { return list<Json>(ic_node_count, ic_node_item); }
    /// The name of the member at this place; absent beyond the last one, and in anything but an object.
    std::optional<std::string_view> member_name(std::size_t index) const noexcept
    {
        return detail::maybe(ic_node_member_name(of(), node(), index));
    }
    /// The member of this name.
    std::optional<Json> member(std::string_view name) const
    {
        return found<Json>(ic_node_member(of(), node(), detail::CString(name).get()));
    }
};

/// Something that the server tells the person. Decide by `key()`, never by the text.
class Message : public detail::View {
public:
    /// For the other views; a program gets one from `Step::messages` or `Field::messages`.
    Message(detail::SharedStep step, ic_node node) noexcept : View(std::move(step), node) {}

    /// The text, in the user's language. Untrusted: show it as text.
    std::string_view text() const noexcept { return View::text(ic_message_text); }
    /// The i18n key, for example `errors.E0000004`.
    std::optional<std::string_view> key() const noexcept { return maybe_text(ic_message_key); }
    /// `ERROR`, `WARNING` or `INFO`.
    std::string_view severity() const noexcept { return View::text(ic_message_class); }
    /// The class as it came.
    std::optional<std::string_view> raw_class() const noexcept { return maybe_text(ic_message_raw_class); }
    /// The field it belongs to, as a dotted path; absent for a message of the step.
    std::optional<std::string_view> path() const noexcept { return maybe_text(ic_message_path); }
    /// The parameters of the key.
    std::vector<std::string_view> params() const { return texts(ic_message_param_count, ic_message_param); }
    /// The addresses of help links; open only `https` ones.
    std::vector<std::string_view> link_urls() const
    {
        return texts(ic_message_link_count, ic_message_link_url);
    }
    /// The captions of help links, in the same order; empty where there is none.
    std::vector<std::string_view> link_labels() const
    {
        return texts(ic_message_link_count, ic_message_link_label);
    }
};

/// An authenticator or an enrolment, in one place of the step.
class Authenticator : public detail::View {
public:
    /// For the other views; a program gets one from `Step::authenticators` and the like.
    Authenticator(detail::SharedStep step, ic_node node) noexcept : View(std::move(step), node) {}

    /// The id. May repeat.
    std::optional<std::string_view> id() const noexcept { return maybe_text(ic_authenticator_id); }
    /// The key as it came, for example `okta_email`.
    std::optional<std::string_view> key() const noexcept { return maybe_text(ic_authenticator_key); }
    /// The key in its canonical spelling; inferred from the type where it is missing and that is certain.
    std::optional<std::string_view> known_key() const noexcept
    {
        return maybe_text(ic_authenticator_known_key);
    }
    /// The category, for example `phone`, `app`, `security_key`.
    std::optional<std::string_view> type() const noexcept { return maybe_text(ic_authenticator_type); }
    /// The name to show.
    std::optional<std::string_view> display_name() const noexcept
    {
        return maybe_text(ic_authenticator_display_name);
    }
    /// `available`, `enrolled`, `enrolling`, `authenticating` or `recovering`.
    std::string_view state() const noexcept { return text(ic_authenticator_state); }
    /// The id of the authenticator behind an enrolment.
    std::optional<std::string_view> authenticator_id() const noexcept
    {
        return maybe_text(ic_authenticator_authenticator_id);
    }
    /// The number that the person must choose in their app. Always show it.
    std::optional<std::string_view> correct_answer() const noexcept
    {
        return maybe_text(ic_authenticator_correct_answer);
    }
    /// The picture to scan: a `data:image/...;base64,` URL.
    std::optional<std::string_view> qr_code() const noexcept { return maybe_text(ic_authenticator_qr_code); }
    /// The secret to type in where a picture cannot be scanned.
    std::optional<std::string_view> shared_secret() const noexcept
    {
        return maybe_text(ic_authenticator_shared_secret);
    }
    /// The methods, for example `sms`, `voice`.
    std::vector<std::string_view> methods() const
    {
        return texts(ic_authenticator_method_count, ic_authenticator_method);
    }
    /// A member of the profile, masked by the server: `email`, `phoneNumber`, `deviceName`.
    std::optional<std::string_view> profile(std::string_view name) const
    {
        return detail::maybe(ic_authenticator_profile(of(), node(), detail::CString(name).get()));
    }
    /// The policy (password rules, days to expiry), as it came.
    std::optional<Json> settings() const { return found<Json>(ic_authenticator_settings(of(), node())); }
    /// The data of this step (QR code, WebAuthn challenge), as it came.
    std::optional<Json> contextual_data() const
    {
        return found<Json>(ic_authenticator_contextual_data(of(), node()));
    }
    /// The actions: `resend`, `poll`, `send`, `recover`, and any other.
    std::vector<Remediation> actions() const;
    /// The action of this name.
    std::optional<Remediation> action(std::string_view name) const;
};

} // namespace interaction_code

#endif
