// Draws the screens of recorded responses as lines of text, for a comparison with every other language: the name of each
// file, then its lines. The head of cli/src/draw.rs says what a line is.
//
//     draw_screens_cpp FILE...
//
// Nothing here knows the protocol.
#include <fstream>
#include <interaction_code.hpp>
#include <iostream>
#include <iterator>

namespace ic = interaction_code;

namespace {

using Text = std::string_view;

/// What stands at the end of a line: the way that an element belongs to.
std::string of_way(const std::optional<ic::Way> &way)
{
    return way ? " >" + std::to_string(way->index()) : std::string();
}

void line(Text before, const std::optional<Text> &said)
{
    if (said) {
        std::cout << before << *said << '\n';
    }
}

class Page {
public:
    explicit Page(const ic::Screen &screen) : screen_(screen) {}

    void draw() const
    {
        line("# ", screen_.title());
        line("@ ", screen_.identifier());
        line("@ ", screen_.text("subject.name"));
        line("@ ", screen_.app());
        for (std::size_t i = 0; i < screen_.count("notices"); i++) {
            notice("", "notices." + std::to_string(i) + ".");
        }
        for (const ic::Element &element : screen_.elements()) {
            draw(element);
        }
        for (const ic::Way &way : screen_.ways()) {
            std::cout << "> " << way.index() << ' ' << way.label() << " [" << way.role() << ' ' << way.does()
                      << (way.is_quiet() ? " quiet]\n" : "]\n");
        }
        std::optional<ic::Way> way = screen_.suggested_way();
        std::cout << "$ " << screen_.suggested() << (way ? " " + std::to_string(way->index()) : "") << '\n';
    }

private:
    void notice(const std::string &deep, const std::string &of) const
    {
        std::optional<Text> place = screen_.text(of + "at.path");
        std::cout << deep << "! " << text(of + "severity") << ' ' << text(of + "text.text");
        std::cout << (place ? " {" + std::string(*place) + "}" : "") << '\n';
        links(deep, of);
        for (std::size_t i = 0; i < screen_.count(of + "items"); i++) {
            notice(deep + "  ", of + "items." + std::to_string(i) + ".");
        }
    }

    void links(const std::string &deep, const std::string &of) const
    {
        for (std::size_t i = 0; i < screen_.count(of + "links"); i++) {
            std::string link = of + "links." + std::to_string(i);
            std::cout << deep << "  & " << text(link + ".label") << ' ' << text(link + ".url") << '\n';
        }
    }

    void draw(const ic::Element &element) const
    {
        Text kind = element.kind();
        std::string of = "elements." + std::to_string(element.index()) + ".", end = of_way(element.way()) + "\n";
        if (kind == "input") {
            input("", *element.control(), end);
        } else if (kind == "choice") {
            choice(*element.control(), text(of + "style"), end);
        } else if (kind == "picture") {
            std::cout << "% " << text(of + "alt.text") << end;
        } else if (kind == "secret" || kind == "number") {
            std::cout << "= " << text(of + "value") << end;
        } else if (kind == "requirements") {
            list(of + "rules", "* ", ".key.text", nullptr, end);
        } else if (kind == "consent") {
            list(of + "scopes", "+ ", ".label.text", nullptr, end);
        } else if (kind == "facts") {
            list(of + "rows", ": ", ".label.text", ".value", end);
        } else if (kind == "waiting") {
            if (!screen_.is(of + "quiet")) {
                std::cout << "~ " << element.text() << end;
            }
        } else { // a text, or whatever it is
            std::cout << ". " << element.text() << end;
            if (kind == "text") {
                line("  = ", element.value());
                links("", of);
            }
        }
    }

    static void input(const std::string &deep, const ic::Control &input, const std::string &end)
    {
        std::cout << deep << "? " << input.label() << " [" << input.ask() << (input.is_required() ? "*]" : "]") << end;
        for (const ic::Offer &offer : input.offers()) {
            line(deep + "  - ", offer.label);
        }
    }

    static void choice(const ic::Control &choice, Text style, const std::string &end)
    {
        std::cout << "? " << choice.label() << " [" << style << ']' << end;
        for (const ic::Offer &offer : choice.offers()) {
            std::cout << "  - " << offer.label;
            for (const std::optional<Text> &more : {offer.detail, offer.note}) {
                std::cout << (more ? " | " : "") << more.value_or("");
            }
            std::cout << '\n';
            for (const ic::Control &brought : offer.inputs) {
                input("    ", brought, "\n");
            }
        }
    }

    /// One line for each entry of a list: a text of the entry, and perhaps another.
    void list(const std::string &of, Text sign, const char *said, const char *more, const std::string &end) const
    {
        for (std::size_t i = 0; i < screen_.count(of); i++) {
            std::string entry = of + "." + std::to_string(i);
            std::cout << sign << text(entry + said);
            if (more != nullptr) {
                std::cout << ": " << text(entry + more);
            }
            std::cout << end;
        }
    }

    Text text(const std::string &path) const { return screen_.text(path).value_or(""); }

    const ic::Screen &screen_;
};

} // namespace

int main(int count, char **arguments)
{
    try {
        for (int i = 1; i < count; i++) {
            std::ifstream file(arguments[i], std::ios::binary);
            std::string body((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
            std::cout << arguments[i] << '\n';
            Page(ic::Screen::of(ic::Step::read(body))).draw();
        }
        return 0;
    } catch (const ic::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
