/// The C++17 face of interaction_code.h: header-only, nothing to link but the library itself.
///
///     #include <interaction_code.hpp>
///     namespace ic = interaction_code;
///
///     ic::Client client(ic::Config("https://acme.okta.com/oauth2/default", "0oa1", "com.acme:/callback"));
///     ic::Flow flow = client.start();
///     while (!flow.is_complete()) {
///         ic::Step step = flow.step();
///         for (const ic::Message &message : step.messages()) show(message.text());
///         if (step.status() == "identification") {
///             flow.proceed(step.remediation("identify").answer().set("identifier", "ada@acme.com"));
///         } ...
///     }
///     ic::Tokens tokens = flow.finish();
///
/// **Owners and values.** `Config`, `Client`, `Flow`, `Answer`, `Tokens`, `Buffer` and `CancelToken` own one
/// handle each: they can be moved, not copied (`clone()` where the library has it), and free it. `Step` and
/// what is inside it (`Remediation`, `Field`, `Option`, `Authenticator`, `Message`, `Json`) are values:
/// copies share the step and keep it alive, so none of them can dangle.
///
/// **Strings.** In: `std::string_view`; it is copied and NUL-terminated, and the copy is wiped. A text with a
/// NUL inside is refused. Out: `std::string_view` into the library's memory, valid as long as the owner that
/// it was read from, and for a value as long as any value of the same step; `std::optional` where there may
/// be none.
///
/// **Errors.** Every call that can fail throws `Error`, which has the status, what the server said, and
/// whether the request may have left; after it the object is as it was. Getters and destructors throw nothing
/// of the library's. There is one design and no second: a program that is built without exceptions uses
/// interaction_code.h itself.
///
/// **Callbacks.** `std::function`s. No exception crosses the library: what a handler throws ends the run, and
/// comes out of `Flow::run` as it was thrown; what a transport or storage throws becomes an error of the
/// call; what a log throws is dropped.
///
/// **Threads.** As the C header says: clients, steps, tokens and cancel tokens from any thread at once; a
/// flow, an answer and a config do one call at a time, a second one throws `IC_ERROR_BUSY`. Moving or
/// destroying an object that another thread uses is a data race, as with any C++ object.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_HPP
#define INTERACTION_CODE_HPP

#include "interaction_code/answer.hpp"
#include "interaction_code/callbacks.hpp"
#include "interaction_code/client.hpp"
#include "interaction_code/error.hpp"
#include "interaction_code/flow.hpp"
#include "interaction_code/screen.hpp"
#include "interaction_code/step.hpp"

namespace interaction_code {

/// The version of the library, for example `0.1.0`; that of the header is `IC_VERSION_STRING`.
inline std::string_view version() noexcept
{
    return detail::view(ic_version());
}

/// The ABI version of the library: equal to `IC_ABI_VERSION` when header and library fit together.
inline std::uint32_t abi_version() noexcept
{
    return ic_abi_version();
}

/// What the library was built with: the sum of `IC_FEATURE_...` bits.
inline std::uint64_t features() noexcept
{
    return ic_features();
}

/// How many handles are alive in this process; 0 when everything of this header is destroyed.
inline std::size_t live_handles() noexcept
{
    return ic_live_handles();
}

/// The name of a status as a stable word, for example `timeout`; empty for an unknown number.
inline std::string_view status_name(ic_status status) noexcept
{
    return detail::view(ic_status_name(status));
}

} // namespace interaction_code

#endif
