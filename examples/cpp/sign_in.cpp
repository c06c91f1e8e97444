// A sign-in in the terminal, in the pull style: the program looks at each step and answers it.
//
//     cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070      # in another terminal
//     c++ -std=c++17 sign_in.cpp $(pkg-config --cflags --libs interaction_code) -o sign_in
//     ./sign_in http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
//
// It asks for whatever the server asks, by wire names, so it also answers steps that nobody thought of.

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

ic::Option choose(const ic::Field &field)
{
    std::vector<ic::Option> options = field.options();
    for (const ic::Option &option : options) {
        std::cout << "  " << option.index() + 1 << ") " << option.label().value_or("") << "\n";
    }
    std::string line = ask(field.path());
    unsigned long number = std::strtoul(line.c_str(), nullptr, 10);
    if (number < 1 || number > options.size()) {
        throw std::runtime_error("no such option");
    }
    return options[number - 1];
}

// Asks for a field, with all that is in it.
void fill_field(ic::Answer &answer, const ic::Field &field)
{
    if (!field.is_visible() || (!field.is_mutable() && field.value_json())) {
        return; // it goes back as it came, by itself
    }
    std::vector<ic::Field> nested = field.fields();
    if (!field.options().empty()) {
        ic::Option option = choose(field);
        answer.choose(option);
        nested = option.fields();
    } else if (nested.empty()) {
        std::string text = ask(field.label().value_or(field.path()));
        if (text.empty()) {
            return;
        }
        if (field.type() == "boolean") {
            answer.set(field, text == "yes");
        } else {
            answer.set(field, text);
        }
    }
    for (const ic::Field &inner : nested) {
        fill_field(answer, inner);
    }
}

// Asks for every field of a form.
ic::Answer fill(const ic::Remediation &form)
{
    std::cout << "— " << form.name() << "\n";
    ic::Answer answer = form.answer();
    for (const ic::Field &field : form.fields()) {
        fill_field(answer, field);
    }
    return answer;
}

// The first form is the one that the server suggests.
ic::Remediation first_form(const ic::Step &step)
{
    for (const ic::Remediation &remediation : step.remediations()) {
        if (remediation.is_form()) {
            return remediation;
        }
    }
    throw std::runtime_error("the sign-in ended without tokens");
}

void sign_in(const char *issuer, const char *client_id, const char *redirect_uri)
{
    ic::Client client(ic::Config(issuer, client_id, redirect_uri));
    ic::Flow flow = client.start();
    while (!flow.is_complete()) {
        ic::Step step = flow.step();
        for (const ic::Message &message : step.messages()) {
            std::cout << "! " << message.text() << "\n";
        }
        ic::Remediation form = first_form(step);
        if (form.is_pollable()) {
            auto number = step.number_challenge();
            std::cout << "waiting … " << (number ? "choose " + std::string(*number) + " in your app" : "")
                      << std::endl;
            flow.poll();
        } else {
            flow.proceed(fill(form));
        }
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
