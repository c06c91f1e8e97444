// A sign-in in the terminal, in the pull style: the program draws each screen and takes a way.
//
//     cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070      # in another terminal
//     c++ -std=c++17 sign_in.cpp $(pkg-config --cflags --libs interaction_code) -o sign_in
//     ./sign_in http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
//
// Nothing here knows the protocol: it draws whatever the policy asks, also steps that nobody thought of.

#include <interaction_code.hpp>
#include <iostream>
#include <string>

namespace ic = interaction_code;

namespace {

std::string ask(std::string_view what)
{
    std::string line;
    std::cout << "  " << what << ": " << std::flush;
    if (!std::getline(std::cin, line)) {
        throw std::runtime_error("the input ended before the sign-in did");
    }
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    return line;
}

// Asks for one control: what can be chosen by its number, what is typed as it is.
void fill_control(ic::Draft &draft, const ic::Control &control)
{
    std::vector<ic::Offer> offers = control.offers();
    for (std::size_t i = 0; i < offers.size(); i++) {
        std::cout << "  " << i + 1 << ") " << offers[i].label << " " << offers[i].detail.value_or("") << "\n";
    }
    std::string line = ask(control.label());
    if (offers.empty()) {
        draft.set(control, line);
    } else if (!line.empty()) {
        draft.choose(control, std::strtoul(line.c_str(), nullptr, 10) - 1);
    }
    if (std::optional<std::string_view> again = control.confirm_label()) {
        draft.confirm(control, ask(*again));
    }
}

// Everything but the controls, which are asked for one by one.
void draw(const ic::Screen &screen)
{
    std::cout << "\n" << screen.title() << "\n";
    for (const ic::Notice &notice : screen.notices()) {
        std::cout << "! " << notice.text << "\n";
    }
    for (const ic::Element &element : screen.elements()) {
        if (element.is_front() && !element.control()) {
            std::cout << element.text() << "\n    " << element.value().value_or("") << "\n";
        }
    }
    std::cout << std::flush;
}

// The default where nothing is asked, else what the person picks; an empty line is the default.
ic::Way pick(const ic::Screen &screen)
{
    if (std::optional<ic::Way> unasked = screen.unasked_way()) {
        return *unasked;
    }
    std::optional<ic::Way> suggested = screen.suggested_way();
    std::vector<ic::Way> drawn;
    for (const ic::Way &way : screen.ways()) {
        if (!way.is_quiet()) {
            drawn.push_back(way);
            std::cout << "  " << drawn.size() << ") " << way.label() << "\n";
        }
    }
    std::string line = drawn.size() > 1 ? ask("how to go on") : "";
    if (line.empty() && (suggested || !drawn.empty())) {
        return suggested ? *suggested : drawn.front();
    }
    return drawn.at(std::strtoul(line.c_str(), nullptr, 10) - 1);
}

// Takes a way. What is refused is asked for again: the same screen comes next, with what is wrong.
void take(ic::Flow &flow, const ic::Screen &screen, const ic::Way &way)
{
    if (way.does() == "open") {
        std::cout << way.url().value_or("") << "\n";
        flow.handle_callback(ask("open it, and give the address that it ends at"));
        return;
    }
    ic::Draft draft(screen);
    while (std::optional<ic::Control> control = draft.next(way)) {
        fill_control(draft, *control);
    }
    for (const ic::Check &check : draft.problems(way)) {
        std::cout << "! " << check.path << ": " << check.text << "\n";
    }
    try {
        flow.take(draft, way);
    } catch (const ic::Error &error) {
        if (error.status() != IC_ERROR_INVALID_ANSWER) {
            throw;
        }
    }
}

void sign_in(const char *issuer, const char *client_id, const char *redirect_uri)
{
    ic::Client client(ic::Config(issuer, client_id, redirect_uri));
    ic::Flow flow = client.start();
    while (std::optional<ic::Screen> screen = flow.next()) {
        draw(*screen);
        if (std::optional<ic::Ending> ending = screen->ending()) {
            throw std::runtime_error(ending->text);
        }
        take(flow, *screen, pick(*screen));
    }
    ic::Tokens tokens = flow.finish();
    std::cout << "signed in: " << tokens.subject().value_or("") << std::endl;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::cerr << "usage: sign_in ISSUER CLIENT_ID REDIRECT_URI\n";
        return 2;
    }
    int code = 0;
    try {
        sign_in(argv[1], argv[2], argv[3]);
    } catch (const std::exception &error) {
        std::cerr << "error: " << error.what() << "\n";
        code = 1;
    }
    if (ic::live_handles() != 0) {
        std::cerr << "error: " << ic::live_handles() << " handles were not freed\n";
        return 3;
    }
    return code;
}
