/// Answers: what goes back for one form.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_ANSWER_HPP
#define INTERACTION_CODE_ANSWER_HPP

#include <limits>
#include <type_traits>

#include "step.hpp"

namespace interaction_code {

/// What goes back for one form: built with wire names, checked against the form. Move-only; its secrets are
/// wiped when it is destroyed. The setters can be chained up to the call that takes the answer:
/// `flow.proceed(step.remediation("identify").answer().set("identifier", "ada@acme.com"))`.
class Answer {
public:
    /// Takes over a handle of the C API.
    explicit Answer(detail::Handle<ic_answer, ic_answer_free> handle) noexcept : handle_(std::move(handle)) {}
    /// Starts an answer. Throws `IC_ERROR_INVALID_STATE` when the remediation is no form.
    explicit Answer(const Remediation &remediation)
    {
        detail::call(ic_answer_new, remediation.step().handle(), remediation.node(), handle_.out());
    }

    /// Sets a field: a text, a bool or a whole number. `field` is a `Field` of the form, or a path: wire
    /// names joined by dots, `credentials.passcode`. Throws `IC_ERROR_INVALID_ANSWER` when the form has no
    /// such field or the server does not let it be changed; the answer is as it was.
    template <typename Where, typename Value> Answer &set(const Where &field, const Value &value) &
    {
        if constexpr (std::is_same_v<Value, bool>) {
            put(field, ic_answer_set_bool, ic_answer_set_bool_at, value);
        } else if constexpr (std::is_integral_v<Value>) {
            static_assert(!std::is_same_v<Value, char>, "a character is neither a text nor a number");
            put(field, ic_answer_set_integer, ic_answer_set_integer_at, whole(value));
        } else {
            static_assert(std::is_convertible_v<const Value &, std::string_view>,
                          "a text, a bool or a whole number");
            put(field, ic_answer_set_string, ic_answer_set_string_at, detail::CString(value).get());
        }
        return *this;
    }
    /// The same in a chain.
    template <typename Where, typename Value> Answer set(const Where &field, const Value &value) &&
    {
        return std::move(set(field, value));
    }

    /// Sets a field to any JSON value. As `set`.
    template <typename Where> Answer &set_json(const Where &field, std::string_view json) &
    {
        put(field, ic_answer_set_json, ic_answer_set_json_at, detail::CString(json).get());
        return *this;
    }
    /// The same in a chain.
    template <typename Where> Answer set_json(const Where &field, std::string_view json) &&
    {
        return std::move(set_json(field, json));
    }

    /// Chooses an option of a field of the form; the fields it brings can be set afterwards.
    Answer &choose(const Option &option) &
    {
        detail::call(ic_answer_choose, handle_.get(), option.node());
        return *this;
    }
    /// The same in a chain.
    Answer choose(const Option &option) && { return std::move(choose(option)); }

    /// Chooses, among the options of the field at `path`, the one of this authenticator: by enrolment id, id
    /// or key.
    Answer &select_authenticator(std::string_view path, std::string_view id_or_key) &
    {
        return texts(ic_answer_select_authenticator, path, id_or_key);
    }
    /// The same in a chain.
    Answer select_authenticator(std::string_view path, std::string_view id_or_key) &&
    {
        return std::move(select_authenticator(path, id_or_key));
    }

    /// Adds a member that the form does not declare, as a text.
    Answer &extra(std::string_view path, std::string_view value) &
    {
        return texts(ic_answer_extra_string, path, value);
    }
    /// The same in a chain.
    Answer extra(std::string_view path, std::string_view value) && { return std::move(extra(path, value)); }

    /// Adds a member that the form does not declare, as JSON.
    Answer &extra_json(std::string_view path, std::string_view json) &
    {
        return texts(ic_answer_extra_json, path, json);
    }
    /// The same in a chain.
    Answer extra_json(std::string_view path, std::string_view json) &&
    {
        return std::move(extra_json(path, json));
    }

    /// Fills in the form with what the platform gave for `Remediation::passkey_request`: its JSON as it is.
    Answer &passkey(std::string_view response) &
    {
        detail::call(ic_answer_passkey, handle_.get(), detail::CString(response).get());
        return *this;
    }
    /// The same in a chain.
    Answer passkey(std::string_view response) && { return std::move(passkey(response)); }

    /// What is wrong with the answer; empty when it can be sent.
    std::vector<Problem> problems() const
    {
        detail::ErrorHandle error;
        ic_status status = ic_answer_check(handle_.get(), error.out());
        if (status == IC_ERROR_INVALID_ANSWER) {
            return Error(status, std::move(error)).problems();
        }
        detail::check(status, std::move(error));
        return {};
    }

    /// The request body that the answer makes, with its secrets: for debugging.
    Buffer body() const
    {
        detail::BufferHandle body;
        detail::call(ic_answer_body, handle_.get(), body.out());
        return Buffer(std::move(body));
    }

    /// The handle of the C API, still this object's.
    ic_answer handle() const noexcept { return handle_.get(); }

private:
    template <typename Value> static std::int64_t whole(Value value)
    {
        if constexpr (std::is_unsigned_v<Value> && sizeof(Value) >= sizeof(std::int64_t)) {
            if (value > static_cast<Value>(std::numeric_limits<std::int64_t>::max())) {
                throw Error(IC_ERROR_INVALID_ARGUMENT, "the number is too large", false);
            }
        }
        return static_cast<std::int64_t>(value);
    }

    template <typename Setter> Answer &texts(Setter setter, std::string_view path, std::string_view value)
    {
        detail::call(setter, handle_.get(), detail::CString(path).get(), detail::CString(value).get());
        return *this;
    }

    template <typename Where, typename Named, typename At, typename Value>
    void put(const Where &field, Named named, At at, Value value)
    {
        if constexpr (std::is_same_v<Where, Field>) {
            detail::call(at, handle_.get(), field.node(), value);
        } else {
            detail::call(named, handle_.get(), detail::CString(field).get(), value);
        }
    }

    detail::Handle<ic_answer, ic_answer_free> handle_;
};

inline Answer Remediation::answer() const
{
    return Answer(*this);
}

} // namespace interaction_code

#endif
