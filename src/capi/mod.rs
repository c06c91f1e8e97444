//! Signs people in to an Okta Identity Engine org with the Interaction Code grant: no browser, the server's policy
//! decides each step, the program answers it.
//!
//! # A sign-in
//!
//! Make an `ic_config`, of it an `ic_client`, with it an `ic_flow`. `ic_flow_next` gives an `ic_screen`, decided by the library:
//! draw its elements, put what the person types into an `ic_draft`, and take one of its ways with `ic_flow_take`; until there
//! is no screen any more. Then `ic_flow_finish` redeems the code, verifies the ID token and gives `ic_tokens`.
//!
//! Below the screen is the `ic_step` as the server sent it: look at its remediations, make an `ic_answer` for one of them, and
//! `ic_flow_proceed`. Or give `ic_flow_run` an `ic_handler` that answers each step; the library loops, polls and redeems.
//!
//! A refused answer (a wrong password) is not an error: the next step has the messages. A step, field or authenticator
//! that is unknown is not an error: it can be shown and answered by its names.
//!
//! # Names
//!
//! `ic_<type>_<verb>`: what begins with a type's name is a function of it, and its first parameter is the handle.
//! `_new`, `_clone`, and every parameter `out` of a handle type give one thing to free with the type's `_free`.
//!
//! # Handles
//!
//! A handle is a number in a pointer's clothes, never an address: do not look behind it. A handle that was freed, is of
//! another type, or never was one is `IC_ERROR_INVALID_HANDLE`, never undefined behaviour. (After a slot of the table was
//! used some four billion times, on 32-bit machines 65 thousand, a stale handle may name a new object.) Because handles are
//! no addresses, leak checkers do not see them: `ic_live_handles()` counts those that are not freed. Each `_free` takes
//! NULL. Freeing a handle while another thread is in a call with it is safe; the call ends first.
//!
//! # Strings and bytes
//!
//! In: NUL-terminated UTF-8, 2 MB at most, copied before the call returns. NULL where a string is needed, or one that is
//! not UTF-8, is `IC_ERROR_INVALID_ARGUMENT`. Bytes are a pointer and a length; a length of 0 accepts NULL.
//!
//! Out: a borrowed `ic_str`, not NUL-terminated, valid until the handle that it was read from is freed; `data` is NULL where
//! there is no such text. Reading a string of a handle while another thread frees it is undefined. Texts of the server are
//! not trusted: they may contain markup and control characters.
//!
//! # Results and errors
//!
//! A function that can fail returns an `ic_status`: `IC_OK` or an `IC_ERROR_...` number; numbers are never reused. Its last
//! parameter `error` may be NULL; otherwise it is set to NULL first, and after a failure to an error object to be freed
//! with `ic_error_free`. Results go to `out`, which is set to nothing (NULL) first and written on success only.
//!
//! A getter returns the value itself. Where there is none, and for a handle that is no good, it returns nothing: an `ic_str`
//! with NULL, 0, false, `IC_NO_NODE`. `ic_handle_check` tells a bad handle from an absent value.
//!
//! After any error the flow is where it was and the call can be made again; but when `ic_error_maybe_sent` says that the
//! request may have reached the server, ask it first (`ic_flow_refresh`) instead of sending a credential twice.
//!
//! A bug of the library never ends the process: the call returns `IC_ERROR_INTERNAL`, and the handle that it worked on
//! returns that from then on; free it.
//!
//! # Threads
//!
//! Every function may be called from any thread. Clients, steps, screens, drafts, tokens, errors, buffers and cancel tokens are
//! immutable or synchronised: any number of threads at once. A flow, an answer and a config do one call at a time: a second one gets
//! `IC_ERROR_BUSY` at once and changes nothing. Callbacks run on the thread that made the call, but for token requests:
//! they end by their own limit, so their transport (and the log of them) runs on a short-lived thread of the library's own. There is no global state but the table of handles, and nothing to initialise or shut down.
//!
//! Threads may be ended only outside of the library. `pthread_cancel` of a thread that is in a call, and `pthread_exit` in a
//! callback, end the process (SIGABRT): a call is not to be left half done; cancel it by its token. A thread that makes calls
//! needs a stack of 256 KB, and what the program's own callbacks need beside; a sign-in was seen to do with 128 KB and to end the
//! process (SIGSEGV) with 64 KB. Memory that the system does not give (`malloc` fails) ends the process, too. A thread that it does not give is
//! `IC_ERROR_NO_THREAD`: the built-in transport makes one for each new connection.
//!
//! # fork
//!
//! A child may use the clients, configs and cancel tokens that were made before the fork, and make sign-ins with them: it makes
//! connections of its own and fetches the keys once more; nothing is written to what it inherited, whose sockets stay open in
//! it until it ends or executes another program. A flow goes on in one of the two processes only, as its handles are good
//! once. What another thread was in a call with at the moment of the fork is not to be used in the child: there such a flow is
//! busy for ever. The program's own callbacks and transport are its own concern. `vfork` allows nothing of this.
//!
//! # Waiting
//!
//! Calls that talk to the server block. Each takes an `ic_call`: a time limit and a cancel token that ends it from another
//! thread within 200 ms (time inside the program's own callbacks apart). NULL is the default: 30 s, and five minutes where
//! a person is waited for.
//!
//! # Callbacks
//!
//! A struct with `size` first, `user_data`, the functions, and `destroy`. Initialise it with its `IC_..._INIT` macro, then set
//! members by name. The library copies the struct; `destroy` runs exactly once when the library is done with `user_data`,
//! also when the call that took the struct fails. Only a struct that is NULL, or whose `size` is impossible or says that it
//! has members unknown to the library, is refused untaken: then `destroy` does not run. No lock is held while a callback
//! runs: it may call any function, but the object that it is called back from is busy. No C++ exception and no `longjmp`
//! may leave a callback. Handles given to a callback end with it.
//!
//! # Versions
//!
//! `IC_VERSION_...` macros are of the header, `ic_version()` is of the library. `ic_abi_version()` grows when a program
//! compiled for an older one must be compiled again; it is in the SONAME. Functions, status numbers and members at the end of
//! callback structs are only added.

#![allow(
    unsafe_code,          // the border to C is raw pointers; this room is the only one with unsafe code
    non_camel_case_types, // the types have the names that C knows
    unreachable_pub,      // they are reached by the linker
    clippy::missing_safety_doc // the conventions above are the contract of every function
)]
// rustdoc would want links between the C names.
#![allow(rustdoc::broken_intra_doc_links)]

mod advice;
mod answer;
mod authenticator;
mod buffer;
mod cancel;
mod client;
mod config;
mod control;
mod draft;
mod drive;
mod element;
mod ending;
mod error;
mod field;
mod flow;
mod foreign;
#[cfg(unix)]
mod fork;
mod guard;
mod handler;
mod handles;
#[cfg(feature = "test-hooks")]
mod hooks;
mod library;
mod lists;
mod log;
mod message;
mod network;
mod node;
mod option;
mod outcome;
mod remediation;
mod screen;
mod start;
mod step;
mod storage;
mod table;
mod text;
mod tokens;
mod transport;
mod view;
mod way;
