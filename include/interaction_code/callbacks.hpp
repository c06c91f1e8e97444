/// What a program gives to the library: a handler, a transport, a storage, a log. All are `std::function`s.
///
/// No exception crosses the library. Handlers run on the thread that called `Flow::run`; transports, storages
/// and logs are shared by all flows of a client, so they are called from several threads at once, and
/// destroyed on any.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_CALLBACKS_HPP
#define INTERACTION_CODE_CALLBACKS_HPP

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "answer.hpp"

namespace interaction_code {

/// What a handler wants done with a step.
class Action {
public:
    /// Send this answer.
    static Action proceed(Answer answer) { return Action(std::move(answer)); }
    /// Wait for what happens elsewhere, where the step can be polled.
    static Action poll() { return Action(ic_action_poll); }
    /// Send the code or the push again.
    static Action resend() { return Action(ic_action_resend); }
    /// Send the code.
    static Action send() { return Action(ic_action_send); }
    /// Forgot the password.
    static Action recover() { return Action(ic_action_recover); }
    /// Leave an optional step out.
    static Action skip() { return Action(ic_action_skip); }
    /// Ask the server for the current step.
    static Action refresh() { return Action(ic_action_refresh); }
    /// Cancel at the server, and end the run with `IC_ERROR_CANCELLED`.
    static Action cancel() { return Action(ic_action_cancel); }
    /// Begin anew.
    static Action restart() { return Action(ic_action_restart); }
    /// The program was opened with this URL.
    static Action callback(std::string url) { return Action(std::move(url)); }

    /// For `Flow::run`.
    ic_status fill(ic_action action) const
    {
        if (answer_) {
            return ic_action_proceed(action, answer_->handle());
        }
        return simple_ != nullptr ? simple_(action) : ic_action_callback(action, detail::CString(url_).get());
    }

private:
    explicit Action(ic_status (*simple)(ic_action)) : simple_(simple) {}
    explicit Action(Answer answer) : answer_(std::move(answer)) {}
    explicit Action(std::string url) : url_(std::move(url)) {}

    ic_status (*simple_)(ic_action) = nullptr;
    std::optional<Answer> answer_;
    std::string url_;
};

/// What is being waited for: data of its own, which may be kept.
struct Waiting {
    /// The step that is waited on.
    Step step;
    /// The number that the person must choose in their app. Always show it.
    std::optional<std::string> number;
    /// How long until the next poll.
    std::chrono::milliseconds interval;
    /// How long until the call's time limit.
    std::chrono::milliseconds remaining;
    /// Why the last poll failed, when it did; the wait goes on.
    std::optional<Error> trouble;
};

/// What a handler says to a wait.
class Wait {
public:
    /// Wait on; look again at the next poll.
    static Wait go_on() noexcept { return Wait(IC_WAIT_CONTINUE); }
    /// Wait on; look again after this long, for a countdown, say.
    static Wait look_again(std::chrono::milliseconds after) noexcept
    {
        return Wait(after.count() > 0 ? after.count() : 1);
    }
    /// Stop polling: the person wants another way.
    static Wait ask() noexcept { return Wait(IC_WAIT_ASK); }

    /// For `Flow::run`.
    std::int64_t value() const noexcept { return value_; }

private:
    explicit Wait(std::int64_t value) noexcept : value_(value) {}
    std::int64_t value_;
};

/// The program's side of `Flow::run`. What it throws ends the run and comes out of `run`; the flow is where
/// it was.
struct Handler {
    /// Says what to do with a step. Messages of a refused answer are on the step.
    std::function<Action(const Step &step)> remediate;
    /// Told before each poll what is being waited for; may be empty.
    std::function<Wait(const Waiting &waiting)> waiting = {};
};

/// A request that a transport is to send. Valid during the call only.
class Request {
public:
    /// For the library.
    explicit Request(ic_request request) noexcept : request_(request) {}
    Request(const Request &) = delete;
    Request &operator=(const Request &) = delete;

    /// `GET` or `POST`.
    std::string_view method() const noexcept { return detail::view(ic_request_method(request_)); }
    /// The absolute URL.
    std::string_view url() const noexcept { return detail::view(ic_request_url(request_)); }
    /// The headers, in order. Values may be secret.
    std::vector<std::pair<std::string_view, std::string_view>> headers() const
    {
        std::vector<std::pair<std::string_view, std::string_view>> all;
        for (std::size_t i = 0; i < ic_request_header_count(request_); i++) {
            all.emplace_back(detail::view(ic_request_header_name(request_, i)),
                             detail::view(ic_request_header_value(request_, i)));
        }
        return all;
    }
    /// The body. Secret.
    std::string_view body() const noexcept { return detail::view(ic_request_body(request_)); }
    /// The largest body to accept in the answer.
    std::size_t max_body() const noexcept { return ic_request_max_body(request_); }
    /// How much time is left.
    std::chrono::milliseconds remaining() const noexcept
    {
        return std::chrono::milliseconds(static_cast<std::int64_t>(ic_request_remaining_ms(request_)));
    }
    /// Whether the call was cancelled: then throw an `Error` with `IC_ERROR_CANCELLED`. Any thread.
    bool is_cancelled() const noexcept { return ic_request_is_cancelled(request_); }

private:
    ic_request request_;
};

/// The answer of a transport.
struct Response {
    /// The HTTP status.
    int status = 0;
    /// The headers as received, in order; several `Set-Cookie` stay several.
    std::vector<std::pair<std::string, std::string>> headers = {};
    /// The body, content decoding done.
    std::string body = {};
};

/// Carries one request: the contract is at `ic_transport`. Where there was no HTTP answer, it throws
/// `Error(status, text, maybe_sent)` with what fits (`IC_ERROR_OFFLINE`, `_TIMEOUT`, `_CANCELLED`, `_TLS`,
/// `_PROXY`, `_NETWORK`); any other exception becomes `IC_ERROR_CALLBACK`, perhaps sent, without its text,
/// which might hold anything.
using Transport = std::function<Response(const Request &request)>;

/// What became of a swap in a storage.
enum class Swapped : std::int32_t {
    Done = IC_SWAP_DONE,       ///< The new value is there, and nobody was overtaken.
    Changed = IC_SWAP_CHANGED, ///< Another value was there than was expected. Nothing was changed.
    /// The new value is there, but the storage cannot compare and replace in one act.
    Unguarded = IC_SWAP_UNGUARDED,
};

/// Whether bytes have this SHA-256; with no hash, whether there are none. What `Storage::swap` compares.
inline bool is_expected(std::optional<std::string_view> hash, std::optional<std::string_view> found) noexcept
{
    return hash && found ? ic_sha256_matches(hash->data(), hash->size(), found->data(), found->size())
                         : !hash && !found;
}

/// Keeps flows over the end of the process. Keys are file names; the bytes are secret. What it throws says
/// that it cannot be used now: it does not end a sign-in (`Flow::storage_trouble`); in `Client::resume` it
/// comes out as an error.
struct Storage {
    /// What is stored under the key; nothing where there certainly is nothing.
    std::function<std::optional<std::string>(std::string_view key)> load;
    /// Puts bytes, or removes what is there (no bytes), if `is_expected` of what is there; otherwise changes
    /// nothing. All or nothing, durable when it returns.
    std::function<Swapped(std::string_view key, std::optional<std::string_view> expected,
                          std::optional<std::string_view> bytes)>
        swap;
    /// The keys that begin with `prefix`.
    std::function<std::vector<std::string>(std::string_view prefix)> keys;
};

/// Takes one line of the log: one of `IC_LOG_...`, and a text without line breaks and secrets, valid during
/// the call.
using Log = std::function<void(std::int32_t level, std::string_view text)>;

namespace detail {

/// `destroy` of everything that is given to the library for keeps.
template <typename T> void destroy(void *user_data) noexcept
{
    delete static_cast<T *>(user_data);
}

/// A handler during one run, and what it threw.
struct Running {
    const Handler &handler;
    std::exception_ptr thrown = nullptr;

    static ic_status remediate(void *user_data, ic_step step, ic_action action) noexcept
    {
        auto *running = static_cast<Running *>(user_data);
        if (running->thrown) {
            return IC_ERROR_CALLBACK; // `waiting` threw, and stopped the wait
        }
        try {
            StepHandle own;
            call(ic_step_clone, step, own.out()); // the lent one ends with this call, and a view may be kept
            return running->handler.remediate(Step(std::move(own))).fill(action);
        } catch (...) {
            running->thrown = std::current_exception();
            return IC_ERROR_CALLBACK;
        }
    }

    static std::int64_t waiting(void *user_data, ic_waiting waiting) noexcept
    {
        auto *running = static_cast<Running *>(user_data);
        try {
            StepHandle step;
            call(ic_waiting_step, waiting, step.out());
            ErrorHandle trouble;
            ic_waiting_trouble(waiting, trouble.out());
            auto number = maybe(ic_waiting_number(waiting));
            auto ms = [](std::uint64_t count) {
                return std::chrono::milliseconds(static_cast<std::int64_t>(count));
            };
            Waiting now{Step(std::move(step)), number ? std::optional(std::string(*number)) : std::nullopt,
                        ms(ic_waiting_interval_ms(waiting)), ms(ic_waiting_remaining_ms(waiting)),
                        std::nullopt};
            if (trouble) {
                ic_status status = ic_error_status(trouble.get());
                now.trouble.emplace(status, std::move(trouble));
            }
            return running->handler.waiting(now).value();
        } catch (...) {
            running->thrown = std::current_exception();
            return IC_WAIT_ASK;
        }
    }

    /// The struct of the C API; this must outlive it.
    ic_handler face()
    {
        ic_handler face = IC_HANDLER_INIT;
        face.user_data = this;
        face.remediate = handler.remediate ? &Running::remediate : nullptr;
        face.waiting = handler.waiting ? &Running::waiting : nullptr;
        return face;
    }

    /// After the call: throws what a callback threw, or what the call returned.
    void conclude(ic_status status, ErrorHandle error)
    {
        if (thrown) {
            std::rethrow_exception(std::exchange(thrown, nullptr));
        }
        check(status, std::move(error));
    }
};

/// Gives a response to the library.
inline ic_status fill(ic_response out, const Response &response)
{
    ic_status status = ic_response_set_status(out, response.status);
    for (const auto &header : response.headers) {
        if (status == IC_OK) {
            status = ic_response_add_header(out, CString(header.first).get(), CString(header.second).get());
        }
    }
    return status == IC_OK ? ic_response_append_body(out, response.body.data(), response.body.size())
                           : status;
}

inline ic_status send(void *user_data, ic_request request, ic_response response) noexcept
{
    try {
        return fill(response, (*static_cast<Transport *>(user_data))(Request(request)));
    } catch (const Error &error) {
        if (!error.maybe_sent()) {
            ic_response_set_not_sent(response);
        }
        ic_response_fail(response, error.what());
        return error.status() != IC_OK ? error.status() : IC_ERROR_CALLBACK;
    } catch (...) {
        ic_response_fail(response, "the transport threw an exception");
        return IC_ERROR_CALLBACK;
    }
}

inline ic_transport face(Transport transport)
{
    ic_transport face = IC_TRANSPORT_INIT;
    face.user_data = new Transport(std::move(transport));
    face.send = send;
    face.destroy = destroy<Transport>;
    return face;
}

/// Runs a function of a storage; an exception is a failure.
template <typename Function> ic_status attempt(Function function) noexcept
{
    try {
        return function();
    } catch (...) {
        return IC_ERROR_CALLBACK;
    }
}

inline ic_storage face(Storage storage)
{
    ic_storage face = IC_STORAGE_INIT;
    face.user_data = new Storage(std::move(storage));
    face.load = [](void *user_data, const char *key, ic_stored stored) -> ic_status {
        return attempt([&] {
            std::optional<std::string> found = static_cast<Storage *>(user_data)->load(key);
            return found ? ic_stored_append(stored, found->data(), found->size()) : ic_status(IC_OK);
        });
    };
    face.swap = [](void *user_data, const char *key, const std::uint8_t *expected, const std::uint8_t *data,
                   std::size_t length) -> std::int32_t {
        return attempt([&] {
            std::optional<std::string_view> hash, bytes;
            if (expected) hash = view(ic_bytes{expected, 32});
            if (data) bytes = view(ic_bytes{data, length});
            return static_cast<ic_status>(static_cast<Storage *>(user_data)->swap(key, hash, bytes));
        });
    };
    face.keys = [](void *user_data, const char *prefix, ic_stored stored) -> ic_status {
        return attempt([&] {
            std::string all;
            for (const std::string &key : static_cast<Storage *>(user_data)->keys(prefix)) {
                all += key + '\n';
            }
            return ic_stored_append(stored, all.data(), all.size());
        });
    };
    face.destroy = destroy<Storage>;
    return face;
}

inline ic_log face(Log log)
{
    ic_log face = IC_LOG_INIT;
    face.user_data = new Log(std::move(log));
    face.log = [](void *user_data, std::int32_t level, ic_str text) {
        attempt([&] {
            (*static_cast<Log *>(user_data))(level, view(text));
            return ic_status(IC_OK);
        });
    };
    face.destroy = destroy<Log>;
    return face;
}

} // namespace detail

} // namespace interaction_code

#endif
