/// Errors as exceptions, and the ground that the other headers stand on: owned handles and strings.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_ERROR_HPP
#define INTERACTION_CODE_ERROR_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../interaction_code.h"

#if !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#error                                                                                                       \
    "interaction_code.hpp reports errors as exceptions; without them use interaction_code.h, which C++ reads as well"
#endif

namespace interaction_code {

namespace detail {

/// A handle that is freed when this is destroyed.
template <typename H, ic_status (*Free)(H)> class Handle {
public:
    Handle() noexcept = default;
    explicit Handle(H handle) noexcept : handle_(handle) {}
    Handle(Handle &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Handle &operator=(Handle &&other) noexcept
    {
        if (this != &other) {
            Free(std::exchange(handle_, std::exchange(other.handle_, nullptr)));
        }
        return *this;
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() { Free(handle_); }

    H get() const noexcept { return handle_; }
    /// Where a function of the library writes a new handle; only for one that is empty.
    H *out() noexcept { return &handle_; }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

private:
    H handle_ = nullptr;
};

using ErrorHandle = Handle<ic_error, ic_error_free>;
using BufferHandle = Handle<ic_buffer, ic_buffer_free>;

inline std::string_view view(ic_str text) noexcept
{
    return text.data != nullptr ? std::string_view(text.data, text.len) : std::string_view();
}

inline std::string_view view(ic_bytes bytes) noexcept
{
    return bytes.data != nullptr ? std::string_view(reinterpret_cast<const char *>(bytes.data), bytes.len)
                                 : std::string_view();
}

inline std::optional<std::string_view> maybe(ic_str text) noexcept
{
    return text.data != nullptr ? std::optional(view(text)) : std::nullopt;
}

inline std::string copy(ic_str text)
{
    return std::string(view(text));
}

} // namespace detail

/// Something that the server said, as it stands in an error.
struct ErrorMessage {
    /// The i18n key, for example `errors.E0000004`; decide by it. May be empty.
    std::string key;
    /// The text, in the user's language. Untrusted: show it as text.
    std::string text;
    /// The field it belongs to, as a dotted path; empty when it belongs to none.
    std::string path;
};

/// Something that is wrong with an answer.
struct Problem {
    /// The field, as a dotted path.
    std::string path;
    /// What is wrong with it. Never holds the value.
    std::string what;
};

/// Why a call failed. `what()` is the whole error in one line, for logs; it holds no secret.
///
/// Plain data, cheap to copy. A transport and a storage throw it, too, to say what happened.
class Error : public std::runtime_error {
public:
    /// An error of the program's own, for callbacks. `maybe_sent`: whether something may have left, for
    /// transports.
    Error(ic_status status, const std::string &text, bool maybe_sent = true)
        : std::runtime_error(text), data_(std::make_shared<const Data>(Data::own(status, text, maybe_sent)))
    {
    }

    /// Takes over what a function of the C API returned; `error` is freed.
    Error(ic_status status, detail::ErrorHandle error)
        : std::runtime_error(detail::copy(error ? ic_error_message(error.get()) : ic_status_name(status))),
          data_(std::make_shared<const Data>(Data::read(status, error.get())))
    {
    }

    /// `IC_ERROR_...`.
    ic_status status() const noexcept { return data_->status; }
    /// The same as a stable word, for example `rate_limited`.
    const std::string &kind() const noexcept { return data_->kind; }
    /// What happened, without what the server said and without advice.
    const std::string &text() const noexcept { return data_->text; }
    /// What to do about it; may be empty.
    const std::string &advice() const noexcept { return data_->advice; }
    /// Whether the request may have reached the server: then `Flow::refresh` before a credential goes out
    /// again.
    bool maybe_sent() const noexcept { return data_->maybe_sent; }
    /// The HTTP status of the answer; 0 when there was none.
    int http_status() const noexcept { return data_->http_status; }
    /// Okta's request id of the answer; may be empty.
    const std::string &request_id() const noexcept { return data_->request_id; }
    /// How long to wait before trying again, where the server says so.
    std::optional<std::chrono::milliseconds> retry_after() const noexcept { return data_->retry_after; }
    /// The OAuth `error`, for example `invalid_grant`; may be empty.
    const std::string &oauth_error() const noexcept { return data_->oauth_error; }
    /// The OAuth `error_description`; may be empty.
    const std::string &oauth_description() const noexcept { return data_->oauth_description; }
    /// Okta's API error code, for example `E0000047`; may be empty.
    const std::string &api_code() const noexcept { return data_->api_code; }
    /// The rule of token verification that failed, after `IC_ERROR_INVALID_TOKEN`; may be empty.
    const std::string &rule() const noexcept { return data_->rule; }
    /// What the server said.
    const std::vector<ErrorMessage> &messages() const noexcept { return data_->messages; }
    /// What is wrong with the answer, after `IC_ERROR_INVALID_ANSWER`.
    const std::vector<Problem> &problems() const noexcept { return data_->problems; }

private:
    struct Data {
        ic_status status = IC_OK;
        bool maybe_sent = false;
        int http_status = 0;
        std::optional<std::chrono::milliseconds> retry_after;
        std::string kind, text, advice, request_id, oauth_error, oauth_description, api_code, rule;
        std::vector<ErrorMessage> messages;
        std::vector<Problem> problems;

        static Data own(ic_status status, const std::string &text, bool maybe_sent)
        {
            Data data;
            data.status = status;
            data.maybe_sent = maybe_sent;
            data.kind = detail::copy(ic_status_name(status));
            data.text = text;
            return data;
        }

        static Data read(ic_status status, ic_error error)
        {
            Data data = own(status, detail::copy(ic_error_text(error)), ic_error_maybe_sent(error));
            std::uint64_t wait = 0;
            if (ic_error_retry_after_ms(error, &wait)) {
                data.retry_after =
                    std::chrono::milliseconds(static_cast<std::int64_t>(wait)); // a day at most
            }
            data.http_status = ic_error_http_status(error);
            data.advice = detail::copy(ic_error_advice(error));
            data.request_id = detail::copy(ic_error_request_id(error));
            data.oauth_error = detail::copy(ic_error_oauth_error(error));
            data.oauth_description = detail::copy(ic_error_oauth_description(error));
            data.api_code = detail::copy(ic_error_api_code(error));
            data.rule = detail::copy(ic_error_rule(error));
            for (std::size_t i = 0; i < ic_error_message_count(error); i++) {
                data.messages.push_back({detail::copy(ic_error_message_key(error, i)),
                                         detail::copy(ic_error_message_text(error, i)),
                                         detail::copy(ic_error_message_path(error, i))});
            }
            for (std::size_t i = 0; i < ic_error_problem_count(error); i++) {
                data.problems.push_back({detail::copy(ic_error_problem_path(error, i)),
                                         detail::copy(ic_error_problem_what(error, i))});
            }
            return data;
        }
    };

    std::shared_ptr<const Data> data_;
};

namespace detail {

/// Throws unless the call went well; takes the error object.
inline void check(ic_status status, ErrorHandle error)
{
    if (status != IC_OK) {
        throw Error(status, std::move(error));
    }
}

/// Calls a function of the C API, the last parameter of which is `ic_error *`.
template <typename Function, typename... Arguments> void call(Function function, Arguments... arguments)
{
    ErrorHandle error;
    ic_status status = function(arguments..., error.out());
    check(status, std::move(error));
}

/// A NUL-terminated copy for one call. It may be a password: it is wiped, and never moved or reallocated.
class CString {
public:
    explicit CString(std::string_view text) : text_(text)
    {
        if (text.find('\0') != std::string_view::npos) {
            throw Error(IC_ERROR_INVALID_ARGUMENT, "a text has a NUL inside", false);
        }
    }
    CString(const CString &) = delete;
    CString &operator=(const CString &) = delete;
    ~CString()
    {
        volatile char *byte = text_.data(); // compilers leave out a plain fill of memory that dies
        for (std::size_t i = 0; i < text_.size(); i++) {
            byte[i] = '\0';
        }
    }

    const char *get() const noexcept { return text_.c_str(); }

private:
    std::string text_;
};

/// As `CString`; nothing is NULL.
class MaybeCString {
public:
    explicit MaybeCString(const std::optional<std::string> &text)
    {
        if (text) {
            text_.emplace(*text);
        }
    }

    const char *get() const noexcept { return text_ ? text_->get() : nullptr; }

private:
    std::optional<CString> text_;
};

} // namespace detail

/// Bytes that the library made and that may be secret: a saved flow, a request body. Wiped when destroyed.
/// Move-only.
class Buffer {
public:
    /// Takes over a handle of the C API.
    explicit Buffer(detail::BufferHandle handle) noexcept : handle_(std::move(handle)) {}

    /// The bytes, valid as long as this.
    std::string_view bytes() const noexcept { return detail::view(ic_buffer_bytes(handle_.get())); }
    /// The handle of the C API, still this object's.
    ic_buffer handle() const noexcept { return handle_.get(); }

private:
    detail::BufferHandle handle_;
};

} // namespace interaction_code

#endif
