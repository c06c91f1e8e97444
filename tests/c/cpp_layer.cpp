// The C++ face against a sandbox at IC_SANDBOX (its issuer): ownership, errors, and exceptions in every callback.
#include <interaction_code.hpp>
#include <interaction_code.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

namespace ic = interaction_code;

std::size_t messages_of_another_unit(const ic::Step &step); // cpp_layer_second.cpp

namespace {

int failures = 0;

void expect(bool good, const char *what, int line)
{
    if (!good) {
        std::fprintf(stderr, "line %d: %s\n", line, what);
        failures++;
    }
}
#define EXPECT(...) expect((__VA_ARGS__), #__VA_ARGS__, __LINE__)

template <typename Function> ic_status status_of(Function function)
{
    try {
        function();
        return IC_OK;
    } catch (const ic::Error &error) {
        return error.status();
    }
}

const char *issuer() { return std::getenv("IC_SANDBOX"); }
ic::Config config(const char *client_id) { return ic::Config(issuer(), client_id, "com.example.app:/callback"); }

struct Odd {
    int number;
};

ic::Action answer(const ic::Step &step)
{
    if (step.offers("identify")) {
        return ic::Action::proceed(step.remediation("identify").answer().set("identifier", "ada@example.com"));
    }
    if (step.is_password_challenge()) {
        return ic::Action::proceed(
            step.remediation("challenge-authenticator").answer().set("credentials.passcode", "Correct-Horse-9"));
    }
    ic::Answer choice = step.remediation("select-authenticator-authenticate").answer();
    choice.select_authenticator("authenticator", "okta_verify").set("authenticator.methodType", "push");
    return ic::Action::proceed(std::move(choice));
}

void whole_sign_in()
{
    ic::Client client(config("app-password"));
    ic::Flow flow = client.start();
    ic::Field field = flow.step().remediation("identify").field("identifier").value();
    ic::Tokens tokens = flow.run({answer});
    EXPECT(tokens.subject().has_value() && tokens.claim("sub") == tokens.subject());
    EXPECT(tokens.issuer() == issuer() && tokens.expires_in().has_value());
    EXPECT(field.label() == "Username" && field.path() == "identifier"); // keeps its step alive
    EXPECT(field.step().json().member("remediation").has_value());
    EXPECT(field.json().kind() == "object" && !field.min_length());
}

void wrong_password_and_problems()
{
    ic::Client client(config("app-password"));
    ic::Flow flow = client.start();
    ic::Remediation identify = flow.step().remediation("identify");
    EXPECT(identify.answer().problems().size() == 1);
    EXPECT(status_of([&] { flow.proceed(identify.answer()); }) == IC_ERROR_INVALID_ANSWER);
    EXPECT(status_of([&] { identify.answer().set("no.such", "x"); }) == IC_ERROR_INVALID_ANSWER);
    EXPECT(status_of([&] { identify.answer().set("identifier", std::string_view("a\0b", 3)); }) ==
           IC_ERROR_INVALID_ARGUMENT);
    EXPECT(status_of([&] { flow.step().remediation("nothing"); }) == IC_ERROR_NOT_FOUND);
    flow.proceed(identify.answer().set(identify.field("identifier").value(), "ada@example.com").set("rememberMe", true));
    std::optional<ic::Step> step =
        flow.proceed(flow.step().remediation("challenge-authenticator").answer().set("credentials.passcode", "wrong"));
    EXPECT(step && step->http_status() == 401 && step->has_error() && step->messages().size() == 1);
    EXPECT(messages_of_another_unit(*step) == 1);
    EXPECT(!step->messages()[0].path() && step->messages()[0].severity() == "ERROR");
    EXPECT(step->current_authenticator()->known_key() == "okta_password");
    ic::Buffer saved = flow.save();
    ic::Flow again = client.restore(saved.bytes());
    EXPECT(status_of([&] { client.restore("nonsense"); }) == IC_ERROR_INVALID_SNAPSHOT);
    ic::Flow moved = std::move(again);
    EXPECT(status_of([&] { again.refresh(); }) == IC_ERROR_INVALID_HANDLE);
    EXPECT(moved.run({answer}).subject().has_value());
}

void exceptions_of_handlers()
{
    ic::Client client(config("app-push"));
    ic::Flow flow = client.start();
    int caught = 0;
    try {
        flow.run({[](const ic::Step &) -> ic::Action { throw Odd{7}; }});
    } catch (const Odd &odd) {
        caught = odd.number;
    }
    EXPECT(caught == 7);
    try {
        flow.run({answer, [](const ic::Waiting &waiting) -> ic::Wait {
                      throw std::runtime_error(std::string(waiting.number.value_or("none")));
                  }});
    } catch (const std::runtime_error &error) {
        caught = std::atoi(error.what());
    }
    EXPECT(caught > 9 && caught < 100); // the number of the push
    EXPECT(flow.step().number_challenge() == std::to_string(caught));
    try {
        flow.poll_while([](const ic::Waiting &) -> ic::Wait { throw Odd{8}; });
    } catch (const Odd &odd) {
        caught = odd.number;
    }
    EXPECT(caught == 8);
    std::optional<ic::Step> same = flow.poll_while([](const ic::Waiting &) { return ic::Wait::ask(); });
    EXPECT(same && same->status() == "challenge_poll");
    EXPECT(status_of([&] { flow.run({}); }) == IC_ERROR_INVALID_ARGUMENT);
    ic::CancelToken token;
    std::thread other([clone = token.clone()] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        clone.trigger();
    });
    EXPECT(status_of([&] { flow.poll({std::chrono::hours(1), &token}); }) == IC_ERROR_CANCELLED);
    other.join();
    EXPECT(token.is_triggered());
    EXPECT(status_of([&] { flow.poll({std::chrono::milliseconds(20)}); }) == IC_ERROR_TIMEOUT);
    EXPECT(status_of([&] { flow.run({[](const ic::Step &) { return ic::Action::cancel(); },
                                     [](const ic::Waiting &) { return ic::Wait::ask(); }}); }) == IC_ERROR_CANCELLED);
}

void transports()
{
    auto alive = std::make_shared<int>(0);
    auto with = [&](ic::Transport transport) { return ic::Client(config("app-password").transport(std::move(transport))); };
    ic::Client offline = with([alive](const ic::Request &request) -> ic::Response {
        EXPECT(request.method() == "POST" && request.headers().size() > 3 && request.max_body() > 0);
        EXPECT(request.remaining() > std::chrono::seconds(1) && !request.is_cancelled());
        throw ic::Error(IC_ERROR_OFFLINE, "no route", false);
    });
    try {
        offline.start();
    } catch (const ic::Error &error) {
        EXPECT(error.status() == IC_ERROR_OFFLINE && !error.maybe_sent() && error.text() == "no route");
        (*alive)++;
    }
    ic::Client odd = with([alive](const ic::Request &) -> ic::Response { throw Odd{1}; });
    try {
        odd.start();
    } catch (const ic::Error &error) {
        EXPECT(error.status() == IC_ERROR_CALLBACK && error.maybe_sent());
        (*alive)++;
    }
    ic::Client refusing = with([](const ic::Request &) {
        return ic::Response{401, {{"X-Okta-Request-Id", "r1"}}, "{\"error\":\"invalid_client\"}"};
    });
    try {
        refusing.start();
    } catch (const ic::Error &error) {
        EXPECT(error.status() == IC_ERROR_OAUTH && error.oauth_error() == "invalid_client" && error.http_status() == 401);
        EXPECT(error.request_id() == "r1");
        (*alive)++;
    }
    EXPECT(*alive == 3);
    EXPECT(status_of([&] { with([](const ic::Request &) { return ic::Response{9}; }).start(); }) == IC_ERROR_CALLBACK);
    { ic::Client gone = std::move(offline), too = std::move(odd); }
    EXPECT(alive.use_count() == 1); // destroyed with the last client
}

void storage_and_log()
{
    std::map<std::string, std::string> files;
    std::mutex lock;
    int lines = 0;
    bool broken = false;
    ic::Config settings = config("app-password");
    settings
        .storage({[&](std::string_view key) -> std::optional<std::string> {
                      if (broken) throw Odd{2};
                      auto found = files.find(std::string(key));
                      return found != files.end() ? std::optional(found->second) : std::nullopt;
                  },
                  [&](std::string_view key, std::optional<std::string_view> expected,
                      std::optional<std::string_view> bytes) {
                      if (broken) throw Odd{3};
                      auto found = files.find(std::string(key));
                      std::optional<std::string_view> there;
                      if (found != files.end()) there = found->second;
                      if (!ic::is_expected(expected, there)) return ic::Swapped::Changed;
                      if (bytes) {
                          files[std::string(key)] = *bytes;
                      } else if (found != files.end()) {
                          files.erase(found);
                      }
                      return ic::Swapped::Done;
                  },
                  [&](std::string_view prefix) {
                      if (broken) throw Odd{5};
                      std::vector<std::string> keys;
                      for (const auto &file : files) {
                          if (file.first.find(prefix) == 0) keys.push_back(file.first);
                      }
                      return keys;
                  }})
        .log([&](std::int32_t level, std::string_view text) {
            std::lock_guard<std::mutex> guard(lock);
            lines += level > 0 && !text.empty();
            throw Odd{4};
        });
    ic::Client client(settings);
    EXPECT(!client.resume());
    client.start({"ada@example.com", {}, std::chrono::seconds(60), {}, {}, {{"extra", "1"}}});
    auto kept = [&](std::string_view what) {
        return std::count_if(files.begin(), files.end(), [&](const auto &file) { return file.first.find(what) == 0; });
    };
    EXPECT(kept("interaction-code.flow.") == 1 && kept("interaction-code.device.") == 1 && files.size() == 2 && lines > 2);
    std::optional<ic::Flow> flow = client.resume();
    EXPECT(flow && flow->step().offers("identify"));
    broken = true;
    EXPECT(status_of([&] { client.resume(); }) == IC_ERROR_STORAGE_UNAVAILABLE);
    EXPECT(flow->proceed(flow->step().remediation("identify").answer().set("identifier", "ada@example.com")).has_value());
    EXPECT(flow->storage_trouble() && flow->storage_trouble()->status() == IC_ERROR_STORAGE_UNAVAILABLE);
    broken = false;
    EXPECT(flow->run({answer}).subject().has_value());
    EXPECT(kept("interaction-code.flow.") == 0 && files.size() == 1); // the org knows the device again
    EXPECT(status_of([] { ic::Config::from_json("{\"issuer\": 1}"); }) == IC_ERROR_INVALID_ARGUMENT);
    EXPECT(status_of([] { ic::Client(ic::Config("x", "y", "z")); }) == IC_ERROR_INVALID_ARGUMENT);
}

// What the person of a screen gives for one control, by what it asks for.
void give(ic::Draft &draft, const ic::Control &control, std::string_view password)
{
    if (control.ask() == "authenticator") {
        std::vector<ic::Offer> offers = control.offers();
        EXPECT(offers.size() == 1 && offers[0].name.has_value() && !offers[0].label.empty());
        EXPECT(status_of([&] { draft.choose(control, offers.size()); }) == IC_ERROR_NOT_FOUND);
        draft.choose(control, 0);
    } else if (control.ask() == "toggle") {
        draft.set(control, true);
    } else if (control.ask() == "username") {
        draft.set(control, "ada@example.com");
    } else {
        EXPECT(control.ask() == "password" && control.is_secret() && control.is_required());
        EXPECT(status_of([&] { draft.confirm(control, password); }) == IC_ERROR_INVALID_ARGUMENT);
        draft.set(control, password);
    }
}

// Everything that is on a screen can be drawn.
void draw(const ic::Screen &screen)
{
    EXPECT(!screen.name().empty() && !screen.title().empty() && !screen.json().empty());
    EXPECT(screen.text("title.text") == screen.title());
    for (const ic::Element &element : screen.elements()) {
        EXPECT(!element.kind().empty() && (element.control() || !element.text().empty() || element.value()));
        EXPECT(!element.control() || (!element.control()->label().empty() && !element.control()->path().empty()));
    }
    for (const ic::Way &way : screen.ways()) {
        EXPECT(!way.label().empty() && !way.does().empty() && !way.role().empty());
        EXPECT(!way.name() || screen.way_named(*way.name()).has_value());
    }
}

void screens()
{
    ic::Client client(config("app-push"));
    ic::Flow flow = client.start();
    std::vector<std::string> names, notices;
    int refused = 0;
    std::vector<std::string_view> passwords{"Correct-Horse-9", "wrong"};
    std::optional<ic::Control> kept; // keeps its screen
    std::optional<ic::Screen> screen = flow.next();
    for (; screen && screen->suggested() != "wait"; screen = flow.next()) {
        draw(*screen);
        names.emplace_back(screen->name());
        for (const ic::Notice &notice : screen->notices()) {
            notices.emplace_back(notice.severity).append(": ").append(notice.text);
        }
        std::optional<ic::Way> way = screen->suggested_way();
        if (!way || screen->ending()) {
            return EXPECT(false);
        }
        // What is missing is said before anything is sent, and the same screen comes again.
        std::uint64_t requests = flow.requests();
        ic::Draft draft(*screen);
        if (!draft.problems(*way).empty()) { // the only authenticator is chosen already
            EXPECT(status_of([&] { flow.take(draft, *way); }) == IC_ERROR_INVALID_ANSWER && flow.requests() == requests);
            refused++;
        }
        bool password = false;
        while (std::optional<ic::Control> control = draft.next(*way)) {
            password = password || control->ask() == "password";
            give(draft, *control, passwords.back());
            kept = control;
        }
        EXPECT(draft.problems(*way).empty() && !draft.answer(*way).body().bytes().empty());
        EXPECT(flow.take(draft, *way).has_value() && flow.requests() == requests + 1);
        if (password && passwords.size() > 1) {
            passwords.pop_back();
        }
    }
    EXPECT(refused == 3 && names.size() == 4 && names[1] == names[2] && notices.size() == 1 && notices[0].find("error: ") == 0);
    EXPECT(kept && kept->ask() == "authenticator" && kept->offers().size() == 1);
    EXPECT(screen && flow.screen().name() == screen->name());
    std::vector<ic::Element> elements = screen->elements();
    EXPECT(std::any_of(elements.begin(), elements.end(), [&](const ic::Element &element) {
        return element.kind() == "number" && element.value() == flow.step().number_challenge();
    }));
}

void endings()
{
    auto end = [](std::string_view key) {
        std::string response = R"({"version":"1.0.0","messages":{"value":[{"message":"over","class":"INFO","i18n":{"key":")";
        return ic::Screen::of(ic::Step::read(response.append(key).append(R"("}}]}})"))).ending();
    };
    std::optional<ic::Ending> good = end("oie.selfservice.unlock_user.success.message"), bad = end("errors.E0000069");
    EXPECT(good && good->kind == IC_ENDING_UNLOCKED && good->is_good && !good->text.empty() && good->retry == "now");
    EXPECT(bad && !bad->is_good && !bad->text.empty());
    ic::Screen first = ic::Screen::of(ic::Client(config("app-password")).start().step());
    EXPECT(!first.ending() && !first.suggested_skip() && !first.way_named("no such way"));
}

void passkeys()
{
    ic::Step step = ic::Step::read(R"({"version":"1.0.0","remediation":{"value":[{"name":"x","href":"https://org.example/x",
        "value":[{"name":"credentials","form":{"value":[{"name":"clientData"},{"name":"attestation"}]}}]}]},
        "currentAuthenticator":{"type":"object","value":{"key":"webauthn","contextualData":{"activationData":{"challenge":"Z5y2"}}}}})");
    ic::Remediation form = step.remediation("x");
    EXPECT(form.passkey_kind() == "create");
    EXPECT(form.passkey_request() && form.passkey_request()->find("\"id\":\"org.example\"") != std::string_view::npos);
    ic::Answer made = form.answer().passkey(R"({"response":{"clientDataJSON":"Y2Q","attestationObject":"_-8"}})");
    std::string body(made.body().bytes());
    EXPECT(body.find(R"("clientData":"Y2Q=")") != std::string::npos);
    EXPECT(body.find(R"("attestation":"/+8=")") != std::string::npos);
    EXPECT(status_of([&] { made.passkey("{}"); }) == IC_ERROR_INVALID_ANSWER && made.body().bytes() == body);
}

} // namespace

int main()
{
    whole_sign_in();
    screens();
    endings();
    passkeys();
    wrong_password_and_problems();
    exceptions_of_handlers();
    transports();
    storage_and_log();
    EXPECT(ic::live_handles() == 0);
    EXPECT(ic::version() == IC_VERSION_STRING && ic::abi_version() == IC_ABI_VERSION && ic::features() != 0);
    EXPECT(ic::status_name(IC_ERROR_TIMEOUT) == "timeout" && ic::status_name(-1).empty());
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
