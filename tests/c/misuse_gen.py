"""Writes misuse_calls.h: every exported function as a row of a table that misuse.c goes through.

    misuse_gen.py --header H --out FILE (--library LIBRARY | --exports LIST)

The functions come from the header and are compared with what the library exports (`nm -D` of the shared library), or,
where it is static, with the list tests/exports.txt. A function that is in one and not in the other, a type that is not
known here, and a rule below that fits no function any more are errors: nothing can be forgotten.
"""

import argparse
import subprocess
import sys

from c_header import Header

KINDS = {
    "const char *": "TEXT", "const void *": "DATA", "size_t": "INDEX", "ic_node": "NODE", "uint64_t": "U64",
    "int64_t": "I64", "int32_t": "I32", "ic_status": "I32", "bool": "FLAG", "ic_error *": "OUT_ERROR",
    "uint64_t *": "OUT_U64", "int64_t *": "OUT_I64", "const ic_call *": "CALL", "const ic_start_options *": "OPTIONS",
    "const ic_handler *": "HANDLER", "const ic_transport *": "TRANSPORT", "const ic_storage *": "STORAGE",
    "const ic_log *": "LOG", "const ic_clock *": "CLOCK", "const ic_random *": "RANDOM",
}
RETURNS = {
    "ic_status": "STATUS", "ic_str": "STR", "ic_bytes": "BYTES", "size_t": "SIZE", "uint64_t": "U64",
    "uint32_t": "U32", "int32_t": "I32", "bool": "BOOL", "ic_node": "NODE",
}
MEMBERS = {"STATUS": "status", "STR": "text", "BYTES": "bytes", "SIZE": "size", "U64": "u64", "U32": "u32",
           "I32": "i32", "BOOL": "flag", "NODE": "u32"}
HANDLES = ["ic_config", "ic_client", "ic_flow", "ic_step", "ic_screen", "ic_draft", "ic_answer", "ic_tokens", "ic_cancel", "ic_error",
           "ic_buffer", "ic_action", "ic_waiting", "ic_request", "ic_response", "ic_stored"]
NODE_KINDS = ["remediation", "field", "option", "authenticator", "message", "control"]

# Good texts by parameter, and by function and parameter where that is not enough.
TEXTS = {
    "issuer": "https://org.example/oauth2/default", "client_id": "0oa1", "redirect_uri": "com.example.app:/callback",
    "scopes": "profile", "secret": "s3cret", "prefix": "storm/1", "languages": "de", "token": "0123456789",
    "url": "http://127.0.0.1:3128", "why": "because", "path": "credentials.passcode", "value": "x1234", "text": "text",
    "name": "challenge-authenticator", "key": "errors.E0000004", "remediation_name": "challenge-authenticator",
    "directory": "/nowhere/at/all", "member": "user", "remediation": "challenge-authenticator", "wanted": "cancel",
}
TEXTS_OF = {
    ("ic_config_from_json", "json"):
        '{"issuer":"https://org.example","client_id":"0oa1","redirect_uri":"com.example.app:/callback"}',
    ("ic_answer_set_bool", "path"): "rememberMe",
    ("ic_answer_set_integer", "path"): "count",
    ("ic_answer_set_json", "path"): "rememberMe",
    ("ic_answer_set_json", "json"): "true",
    ("ic_answer_set_json_at", "json"): "\\\"x1234\\\"",
    ("ic_answer_extra_string", "path"): "userProfile.extra",
    ("ic_answer_extra_json", "path"): "userProfile.extra",
    ("ic_answer_extra_json", "json"): "[1]",
    ("ic_answer_passkey", "response"): "{}",
    ("ic_answer_select_authenticator", "path"): "authenticator",
    ("ic_answer_select_authenticator", "id"): "okta_email",
    ("ic_screen_text", "path"): "title.text",
    ("ic_screen_number", "path"): "ways.0.nodes.0",
    ("ic_screen_bool", "path"): "elements.0.secret",
    ("ic_screen_count", "path"): "elements",
    ("ic_draft_set_json", "value"): '\\"x1234\\"',
    ("ic_step_has_message", "key"): "errors.E0000004",
    ("ic_step_action_named", "name"): "cancel",
    ("ic_step_member", "name"): "user",
}
# Parameters for which NULL, or an index beyond the last, is a good value, beside every `ic_error *error`, `ic_call` and `ic_start_options`.
OPTIONAL = {("ic_step_poll", "interval_ms")} | {
    (f"ic_flow_{verb}", "out")
    for verb in ["proceed", "refresh", "resend", "send", "recover", "skip", "cancel", "restart", "poll", "poll_while", "take"]
} | {("ic_flow_handle_callback", "code"), ("ic_flow_resume_at", "index")}
# What a good call returns where that is not IC_OK.
GOOD = {
    "ic_config_set_storage_directory": "IC_ERROR_STORAGE_UNAVAILABLE",
    "ic_flow_poll": "IC_ERROR_NOT_FOUND",
    "ic_flow_poll_while": "IC_ERROR_NOT_FOUND",
    "ic_flow_handle_callback": "IC_ERROR_INVALID_CALLBACK",
    "ic_flow_run": "IC_ERROR_CANCELLED",
    "ic_flow_finish": "IC_ERROR_INVALID_STATE",
    "ic_answer_passkey": "IC_ERROR_INVALID_ANSWER",
    "ic_client_prepare": "IC_ERROR_PROTOCOL",
    "ic_draft_confirm": "IC_ERROR_INVALID_ARGUMENT",
    "ic_draft_answer": "IC_ERROR_INVALID_ANSWER",
    "ic_test_panic": "IC_ERROR_INTERNAL",
}
# Getters that say nothing about any fixture, because of what those are: without an ID token (a real server must sign it),
# not cancelled, not complete, read from bytes, without a passkey, a picture or a known user, in no storage, at a page that asks; and an ABI version of 0. The other programs see all of them speak.
SILENT = {
    "ic_tokens_id_token", "ic_tokens_claims_json", "ic_tokens_claim", "ic_tokens_subject", "ic_tokens_issuer",
    "ic_error_rule", "ic_cancel_is_triggered", "ic_request_is_cancelled", "ic_flow_is_complete", "ic_step_request_id",
    "ic_abi_version", "ic_remediation_passkey_kind", "ic_remediation_passkey_request", "ic_flow_is_finished",
    "ic_screen_app", "ic_screen_identifier", "ic_screen_element_picture", "ic_screen_element_value",
    "ic_screen_way_is_quiet", "ic_screen_control_passkey",
    "ic_screen_control_wants_confirm", "ic_screen_control_confirm_label", "ic_flow_ending", "ic_flow_is_at",
    "ic_flow_kept_at", "ic_sha256_matches", "ic_screen_unasked_way",
}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--header", required=True)
    arguments.add_argument("--out", required=True)
    source = arguments.add_mutually_exclusive_group(required=True)
    source.add_argument("--library")
    source.add_argument("--exports")
    given = arguments.parse_args()
    header = Header(given.header)
    compare(header, given)
    used = set()
    rows = [row(function, used) for function in header.functions.values()]
    rules = set(TEXTS_OF) | OPTIONAL | {(name, None) for name in set(GOOD) | SILENT}
    stale = sorted(str(rule) for rule in rules - used if not rule[0].startswith("ic_test_"))
    if stale:
        sys.exit(f"misuse_gen.py: rules that fit no function: {', '.join(stale)}")
    with open(given.out, "w", encoding="utf-8") as out:
        out.write("/* Made by misuse_gen.py; included by misuse.c only. */\n\n" + "".join(call for call, _ in rows))
        out.write("\nstatic const struct function FUNCTIONS[] = {\n" + "".join(line for _, line in rows) + "};\n")


def compare(header, given):
    if given.library:
        listing = subprocess.run(["nm", "-D", "--defined-only", given.library], check=True, capture_output=True)
        exported = {line.split()[-1].split("@")[0] for line in listing.stdout.decode().splitlines()}
        known = set(header.functions)
    else:
        with open(given.exports, encoding="utf-8") as file:
            exported = {line.strip() for line in file if not line.startswith("#")}
        # The list is of what ships, which the hooks for tests do not.
        known = {name for name, function in header.functions.items() if not function.hooks}
    exported = {name for name in exported if name.startswith("ic_")}
    if known != exported:
        sys.exit(f"misuse_gen.py: exported and not in the header: {sorted(exported - known)}; "
                 f"in the header and not exported: {sorted(known - exported)}")


def row(function, used):
    """The caller of one function, and its row in the table."""
    name = function.name
    if function.returns not in RETURNS:
        sys.exit(f"misuse_gen.py: {name} returns `{function.returns}`, which is not known here")
    returns = RETURNS[function.returns]
    arguments, parameters = [], []
    before = None
    for index, (kind, own) in enumerate(function.parameters):
        parameters.append(parameter(function, kind, own, before, used))
        members = {"TEXT": "text", "INDEX": "size", "LENGTH": "size", "NODE": "u32", "U64": "u64", "I64": "i64",
                   "I32": "i32", "FLAG": "flag"}
        member = members.get(parameters[-1][0], "pointer")
        cast = f"({kind})" if member == "pointer" else ""
        arguments.append(f"{cast}arguments[{index}].{member}")
        before = kind
    for rules in (GOOD, SILENT):
        if name in rules:
            used.add((name, None))
    hooks = ("#if defined(IC_TEST_HOOKS)\n", "#endif\n") if function.hooks else ("", "")
    unused = "" if arguments else "    (void)arguments;\n"
    call = (f"static void call_{name}(const union value *arguments, union result *result)\n{{\n{unused}"
            f"    result->{MEMBERS[returns]} = {name}({', '.join(arguments)});\n}}\n")
    frees = name.endswith("_free")
    texts = ", ".join(
        f'{{"{own}", {kind}, {of}, {node}, {str(optional).lower()}, {good}}}'
        for kind, own, of, node, optional, good in parameters
    )
    line = (f'    {{"{name}", call_{name}, RETURNS_{returns}, {str(frees).lower()}, {str(name in SILENT).lower()}, '
            f'{GOOD.get(name, "IC_OK")}, {len(parameters)}, {{{texts or "{0}"}}}}},\n')
    return hooks[0] + call + hooks[1], hooks[0] + line + hooks[1]


def parameter(function, kind, own, before, used):
    name = function.name
    optional = kind in ("ic_error *", "const ic_call *", "const ic_start_options *")
    if (name, own) in OPTIONAL:
        used.add((name, own))
        optional = True
    of, node, good = "CONFIG", "NODE_ANY", "NULL"
    if kind in HANDLES:
        word = kind[len("ic_"):].upper()
    elif kind.endswith(" *") and kind[:-2] in HANDLES and kind != "ic_error *":
        word, of = "OUT_HANDLE", kind[len("ic_"):-2].upper()
    elif kind == "ic_error *" and own != "error":
        word, of = "OUT_HANDLE", "ERROR"
        optional = False
    elif kind == "const void *" and name == "ic_handle_check":
        word = "ANY_HANDLE"
    elif kind == "size_t" and before == "const void *":
        word = "LENGTH"
    elif kind in KINDS:
        word = KINDS[kind]
    else:
        sys.exit(f"misuse_gen.py: {name} takes a `{kind}`, which is not known here")
    if word == "TEXT":
        text = TEXTS_OF.get((name, own), TEXTS.get(own))
        if text is None:
            sys.exit(f"misuse_gen.py: no good text is known for `{own}` of {name}")
        if (name, own) in TEXTS_OF:
            used.add((name, own))
        good = '"' + text.replace('\\"', '"').replace('"', '\\"') + '"'
    if word == "NODE":
        about = [n for n in NODE_KINDS if name.startswith(f"ic_{n}_")] or [n for n in NODE_KINDS if own == n]
        node = f"NODE_{about[0].upper()}" if about else "NODE_ANY"
    return word, own, of, node, optional, good


main()
