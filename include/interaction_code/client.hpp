/// Settings, clients, and the limits of a call.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_CLIENT_HPP
#define INTERACTION_CODE_CLIENT_HPP

#include "callbacks.hpp"

namespace interaction_code {

class Flow;

/// A switch that ends calls from any thread, once and for good. Move-only; `clone` for another owner.
class CancelToken {
public:
    /// A token that is not triggered.
    CancelToken() { detail::call(ic_cancel_new, handle_.out()); }

    /// A second owner of the same switch.
    CancelToken clone() const
    {
        Handle handle;
        detail::call(ic_cancel_clone, handle_.get(), handle.out());
        return CancelToken(std::move(handle));
    }
    /// Ends every call that has this token, with `IC_ERROR_CANCELLED`. Not from a signal handler: it takes a
    /// lock.
    void trigger() const noexcept { ic_cancel_trigger(handle_.get()); }
    /// Whether `trigger` was called.
    bool is_triggered() const noexcept { return ic_cancel_is_triggered(handle_.get()); }
    /// The handle of the C API, still this object's.
    ic_cancel handle() const noexcept { return handle_.get(); }

private:
    using Handle = detail::Handle<ic_cancel, ic_cancel_free>;
    explicit CancelToken(Handle handle) noexcept : handle_(std::move(handle)) {}
    Handle handle_;
};

/// How long a call may take, and what ends it. `{}` is the default: 30 s, and five minutes where a person is
/// waited for.
struct Call {
    /// The time limit; 0 is the default.
    std::chrono::milliseconds timeout{0};
    /// Ends the call when it is triggered; borrowed for the call, may be NULL.
    const CancelToken *cancel = nullptr;

    /// For the library. A limit below 0 has passed.
    ic_call face() const noexcept
    {
        ic_call face = IC_CALL_INIT;
        face.cancel = cancel != nullptr ? cancel->handle() : nullptr;
        face.timeout_ms = timeout.count() < 0 ? 1 : static_cast<std::uint64_t>(timeout.count());
        return face;
    }
};

/// What a sign-in is started with; everything is optional.
struct StartOptions {
    /// Who wants to sign in.
    std::optional<std::string> login_hint = {};
    /// The assurance to ask for, separated by spaces.
    std::optional<std::string> acr_values = {};
    /// The oldest session to accept.
    std::optional<std::chrono::seconds> max_age = {};
    /// A one-time token from an activation mail; confidential clients only.
    std::optional<std::string> activation_token = {};
    /// A one-time token from a recovery mail.
    std::optional<std::string> recovery_token = {};
    /// Further parameters.
    std::vector<std::pair<std::string, std::string>> extra = {};
    /// The device token of the person, for a server that signs in for many people.
    std::optional<std::string> device_token = {};
    /// The `User-Agent` of the person's browser.
    std::optional<std::string> device_user_agent = {};
    /// The person's address, or several with commas between them; confidential clients only.
    std::optional<std::string> device_forwarded_for = {};
    /// The person's `Accept-Language`.
    std::optional<std::string> device_languages = {};
};

/// The settings of a client that is to be made. Move-only. The setters can be chained; what they mean is
/// checked when the client is made.
class Config {
public:
    /// `issuer` is the org or a custom authorization server; `redirect_uri` is the registered one.
    Config(std::string_view issuer, std::string_view client_id, std::string_view redirect_uri)
    {
        detail::call(ic_config_new, detail::CString(issuer).get(), detail::CString(client_id).get(),
                     detail::CString(redirect_uri).get(), handle_.out());
    }

    /// From JSON: the members are at `ic_config_from_json`.
    static Config from_json(std::string_view json)
    {
        Handle handle;
        detail::call(ic_config_from_json, detail::CString(json).get(), handle.out());
        return Config(std::move(handle));
    }

    /// The scopes to ask for, separated by spaces, instead of `openid profile`.
    Config &scopes(std::string_view scopes) { return text(ic_config_set_scopes, scopes); }
    /// The secret of a confidential client, sent as `client_secret_basic`.
    Config &client_secret_basic(std::string_view secret)
    {
        return text(ic_config_set_client_secret_basic, secret);
    }
    /// The secret of a confidential client, sent in the body.
    Config &client_secret_post(std::string_view secret)
    {
        return text(ic_config_set_client_secret_post, secret);
    }
    /// The program's own product tokens, put before the library's.
    Config &user_agent(std::string_view prefix) { return text(ic_config_set_user_agent, prefix); }
    /// The language of messages, labels and mails.
    Config &accept_language(std::string_view languages)
    {
        return text(ic_config_set_accept_language, languages);
    }
    /// Identifies this device to the org: 1 to 32 ASCII characters, random, the same for every sign-in on it.
    Config &device_token(std::string_view token) { return text(ic_config_set_device_token, token); }

    /// Carries all requests over the program's own HTTP stack.
    Config &transport(Transport transport)
    {
        ic_transport face = detail::face(std::move(transport));
        detail::call(ic_config_set_transport, handle_.get(), &face);
        return *this;
    }
    /// Keeps flows over the end of the process: they save themselves, `Client::resume` goes on.
    Config &storage(Storage storage)
    {
        ic_storage face = detail::face(std::move(storage));
        detail::call(ic_config_set_storage, handle_.get(), &face);
        return *this;
    }
    /// Keeps flows in files of a directory that only its owner can read, **not encrypted**; it is made when it is
    /// not there.
    Config &storage_directory(const std::string &directory)
    {
        detail::call(ic_config_set_storage_directory, handle_.get(), directory.c_str());
        return *this;
    }
    /// Takes the lines of a log.
    Config &log(Log log)
    {
        ic_log face = detail::face(std::move(log));
        detail::call(ic_config_set_log, handle_.get(), &face);
        return *this;
    }

    /// Goes through this proxy (built-in transport).
    Config &proxy(std::string_view url) { return text(ic_config_set_proxy, url); }
    /// Goes through no proxy, whatever the environment says (built-in transport).
    Config &no_proxy() { return plain(ic_config_set_no_proxy); }
    /// Goes through the proxy that the environment names: the default (built-in transport).
    Config &system_proxy() { return plain(ic_config_set_system_proxy); }
    /// How long making a connection may take (built-in transport).
    Config &connect_timeout(std::chrono::milliseconds limit)
    {
        return time(ic_config_set_connect_timeout_ms, limit);
    }
    /// How long the server may be silent (built-in transport).
    Config &read_timeout(std::chrono::milliseconds limit)
    {
        return time(ic_config_set_read_timeout_ms, limit);
    }
    /// Also trusts these root certificates (PEM; built-in transport).
    Config &add_root_pem(std::string_view pem) { return bytes(ic_config_add_root_pem, pem); }
    /// Trusts these root certificates only (PEM; built-in transport).
    Config &pinned_roots_pem(std::string_view pem) { return bytes(ic_config_set_pinned_roots_pem, pem); }
    /// Whether the operating system decides which certificates are trusted (built-in transport).
    Config &platform_verifier(bool on)
    {
        detail::call(ic_config_set_platform_verifier, handle_.get(), on);
        return *this;
    }

    /// The handle of the C API, still this object's.
    ic_config handle() const noexcept { return handle_.get(); }

private:
    using Handle = detail::Handle<ic_config, ic_config_free>;
    explicit Config(Handle handle) noexcept : handle_(std::move(handle)) {}

    template <typename Setter> Config &text(Setter setter, std::string_view value)
    {
        detail::call(setter, handle_.get(), detail::CString(value).get());
        return *this;
    }
    template <typename Setter> Config &plain(Setter setter)
    {
        detail::call(setter, handle_.get());
        return *this;
    }
    template <typename Setter> Config &time(Setter setter, std::chrono::milliseconds limit)
    {
        detail::call(setter, handle_.get(),
                     limit.count() > 0 ? static_cast<std::uint64_t>(limit.count()) : 0);
        return *this;
    }
    template <typename Setter> Config &bytes(Setter setter, std::string_view value)
    {
        detail::call(setter, handle_.get(), value.data(), value.size());
        return *this;
    }

    Handle handle_;
};

/// One app at one org. Immutable; any thread. Move-only; `clone` for another owner.
class Client {
public:
    /// Takes over a handle of the C API.
    explicit Client(detail::Handle<ic_client, ic_client_free> handle) noexcept : handle_(std::move(handle)) {}
    /// Makes a client; all settings are checked here, and no request is made. The config may be used again.
    explicit Client(const Config &config) { detail::call(ic_client_new, config.handle(), handle_.out()); }

    /// A second owner of the same client.
    Client clone() const
    {
        detail::Handle<ic_client, ic_client_free> handle;
        detail::call(ic_client_clone, handle_.get(), handle.out());
        return Client(std::move(handle));
    }
    /// The issuer.
    std::string_view issuer() const noexcept { return detail::view(ic_client_issuer(handle_.get())); }
    /// The client id.
    std::string_view client_id() const noexcept { return detail::view(ic_client_client_id(handle_.get())); }
    /// The redirect URI.
    std::string_view redirect_uri() const noexcept
    {
        return detail::view(ic_client_redirect_uri(handle_.get()));
    }
    /// The scopes that are asked for, separated by spaces.
    std::string_view scopes() const noexcept { return detail::view(ic_client_scopes(handle_.get())); }

    /// Starts a sign-in: two requests. The flow is at its first step.
    Flow start(const StartOptions &options = {}, const Call &call = {}) const;
    /// Continues a flow that `Flow::save` saved. No request is made: `Flow::refresh` asks the server where it
    /// is.
    Flow restore(std::string_view saved) const;
    /// Continues the flow of this client that was stored last, if there is one. As `restore`.
    std::optional<Flow> resume() const;
    /// All flows of this client that are stored, that of the last call first.
    std::vector<Flow> resume_all() const;

    /// The handle of the C API, still this object's.
    ic_client handle() const noexcept { return handle_.get(); }

private:
    detail::Handle<ic_client, ic_client_free> handle_;
};

} // namespace interaction_code

#endif
