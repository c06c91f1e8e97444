/// Screens: what a person sees and can do at a step, decided by the library. A program draws them with one `if` for each
/// kind of element, and knows nothing of the protocol.
///
/// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef INTERACTION_CODE_SCREEN_HPP
#define INTERACTION_CODE_SCREEN_HPP

#include "answer.hpp"

namespace interaction_code {

namespace detail {

using ScreenHandle = Handle<ic_screen, ic_screen_free>;
using SharedScreen = std::shared_ptr<const ScreenHandle>;

} // namespace detail

class Control;

/// What can be chosen for a control.
struct Offer {
    /// The caption.
    std::string_view label;
    /// A second line: a masked address, the name of a device.
    std::optional<std::string_view> detail;
    /// What to say below it: until when it must be set up, what it is for.
    std::optional<std::string_view> note;
    /// What tells it from the others, whatever the language is: `phone_number.sms`, or the value that is sent.
    std::optional<std::string_view> name;
    /// The inputs that it brings, asked for once it is chosen.
    std::vector<Control> inputs;
};

/// What a person fills in: an input, or a choice among things that bring inputs of their own. Shares its screen.
class Control {
public:
    /// For the other classes; a program gets one from an element or a draft.
    Control(detail::SharedScreen screen, ic_node node) noexcept : screen_(std::move(screen)), node_(node) {}

    /// Its caption.
    std::string_view label() const noexcept { return detail::view(text(ic_screen_control_label)); }
    /// What it wants: `username`, `password`, `new_password`, `code` and others.
    std::string_view ask() const noexcept { return detail::view(text(ic_screen_control_ask)); }
    /// The wire names that lead to it, joined by dots.
    std::string_view path() const noexcept { return detail::view(text(ic_screen_control_path)); }
    /// Which keyboard to show.
    std::optional<std::string_view> keyboard() const noexcept
    {
        return detail::maybe(text(ic_screen_control_keyboard));
    }
    /// What stands in it already.
    std::optional<std::string_view> preset() const noexcept { return detail::maybe(text(ic_screen_control_preset)); }
    /// The options for the platform's passkeys, as JSON.
    std::optional<std::string_view> passkey() const noexcept
    {
        return detail::maybe(text(ic_screen_control_passkey));
    }
    /// Whether it must be filled.
    bool is_required() const noexcept { return ic_screen_control_is_required(screen_->get(), node_); }
    /// Whether to hide what is typed.
    bool is_secret() const noexcept { return ic_screen_control_is_secret(screen_->get(), node_); }
    /// Whether to ask for it twice: `Draft::confirm`.
    bool wants_confirm() const noexcept { return ic_screen_control_wants_confirm(screen_->get(), node_); }
    /// The caption of the second box, where it is asked for twice.
    std::optional<std::string_view> confirm_label() const noexcept
    {
        return detail::maybe(text(ic_screen_control_confirm_label));
    }
    /// What it can be set to with `Draft::choose`; empty for what is typed.
    std::vector<Offer> offers() const;
    /// Its number, for the C API.
    ic_node node() const noexcept { return node_; }

private:
    ic_str text(ic_str (*get)(ic_screen, ic_node)) const noexcept { return get(screen_->get(), node_); }

    detail::SharedScreen screen_;
    ic_node node_;
};

inline std::vector<Offer> Control::offers() const
{
    std::vector<Offer> all;
    ic_screen screen = screen_->get();
    std::size_t count = ic_screen_control_option_count(screen, node_);
    for (std::size_t i = 0; i < count; i++) {
        std::vector<Control> inputs;
        std::size_t brought = ic_screen_control_option_input_count(screen, node_, i);
        for (std::size_t j = 0; j < brought; j++) {
            inputs.emplace_back(screen_, ic_screen_control_option_input(screen, node_, i, j));
        }
        all.push_back({detail::view(ic_screen_control_option_label(screen, node_, i)),
                       detail::maybe(ic_screen_control_option_detail(screen, node_, i)),
                       detail::maybe(ic_screen_control_option_note(screen, node_, i)),
                       detail::maybe(ic_screen_control_option_name(screen, node_, i)), std::move(inputs)});
    }
    return all;
}

class Way;

/// One thing to draw. Shares its screen.
class Element {
public:
    /// For the screen.
    Element(detail::SharedScreen screen, std::size_t index) noexcept : screen_(std::move(screen)), index_(index) {}

    /// `text`, `input`, `choice`, `picture`, `secret`, `number`, `requirements`, `consent`, `waiting`, `frame`, `facts`: an open
    /// set. Of a kind that you do not know, draw the text.
    std::string_view kind() const noexcept { return detail::view(ic_screen_element_kind(screen_->get(), index_)); }
    /// What it says: can be drawn whatever the kind is.
    std::string_view text() const noexcept { return detail::view(ic_screen_element_text(screen_->get(), index_)); }
    /// Its literal value: the number to match, a secret to type elsewhere, an address to copy.
    std::optional<std::string_view> value() const noexcept
    {
        return detail::maybe(ic_screen_element_value(screen_->get(), index_));
    }
    /// The bytes of a picture. Valid while the screen lives.
    ic_bytes picture() const noexcept { return ic_screen_element_picture(screen_->get(), index_); }
    /// What is filled in, of an `input` and a `choice`.
    std::optional<Control> control() const
    {
        ic_node node = ic_screen_element_control(screen_->get(), index_);
        return node != IC_NO_NODE ? std::optional(Control(screen_, node)) : std::nullopt;
    }
    /// Whether it is drawn when the screen comes. The others are drawn when their way is taken.
    bool is_front() const noexcept { return ic_screen_element_is_front(screen_->get(), index_); }
    /// The way that it belongs to; none for what is always shown.
    std::optional<Way> way() const;
    /// Its place on the screen.
    std::size_t index() const noexcept { return index_; }

private:
    detail::SharedScreen screen_;
    std::size_t index_;
};

/// One thing that can be done. Shares its screen.
class Way {
public:
    /// For the screen.
    Way(detail::SharedScreen screen, std::size_t index) noexcept : screen_(std::move(screen)), index_(index) {}

    /// What its button or link says.
    std::string_view label() const noexcept { return detail::view(text(ic_screen_way_label)); }
    /// `primary`, `alternative`, `link`, `cancel`.
    std::string_view role() const noexcept { return detail::view(text(ic_screen_way_role)); }
    /// `submit`, `act`, `choose`, `passkey`, `wait`: for `Flow::take`. `open` and `launch` are the program's.
    std::string_view does() const noexcept { return detail::view(text(ic_screen_way_does)); }
    /// What to open or to launch.
    std::optional<std::string_view> url() const noexcept { return detail::maybe(text(ic_screen_way_url)); }
    /// Its wire name, the path of its action, or `restart`.
    std::optional<std::string_view> name() const noexcept { return detail::maybe(text(ic_screen_way_name)); }
    /// Whether it need not be drawn.
    bool is_quiet() const noexcept { return ic_screen_way_is_quiet(screen_->get(), index_); }
    /// When to show it, in milliseconds after the step came.
    std::uint64_t after_ms() const noexcept { return ic_screen_way_after_ms(screen_->get(), index_); }
    /// Its place on the screen.
    std::size_t index() const noexcept { return index_; }

private:
    ic_str text(ic_str (*get)(ic_screen, std::size_t)) const noexcept { return get(screen_->get(), index_); }

    detail::SharedScreen screen_;
    std::size_t index_;
};

inline std::optional<Way> Element::way() const
{
    std::size_t way = ic_screen_element_way(screen_->get(), index_);
    return way != IC_NO_WAY ? std::optional(Way(screen_, way)) : std::nullopt;
}

/// How a sign-in ended. Shares its screen.
struct Ending {
    /// An `IC_ENDING_...` number.
    std::int32_t kind;
    /// Whether the person got what they came for.
    bool is_good;
    /// How it ended, for the person.
    std::string text;
    /// When it makes sense to begin again: `none`, `now`, `later`, `elsewhere`.
    std::string retry;
};

/// Something that the server says to the person.
struct Notice {
    /// `error`, `warning`, `info`, `success`.
    std::string_view severity;
    /// What it says.
    std::string_view text;
};

/// What a person sees and can do at one step. Cheap to copy; copies share the screen.
class Screen {
public:
    /// Takes over a handle of the C API.
    explicit Screen(detail::ScreenHandle handle)
        : screen_(std::make_shared<const detail::ScreenHandle>(std::move(handle)))
    {
    }
    /// The screen of a step.
    static Screen of(const Step &step)
    {
        detail::ScreenHandle handle;
        detail::call(ic_step_screen, step.handle(), handle.out());
        return Screen(std::move(handle));
    }

    /// `identify`, `verify.okta_email.email`, `ended.unlocked`: for a program that draws one of them in its own way.
    std::string_view name() const noexcept { return detail::view(ic_screen_name(handle())); }
    /// The heading.
    std::string_view title() const noexcept { return detail::view(ic_screen_title(handle())); }
    /// Who signs in.
    std::optional<std::string_view> identifier() const noexcept { return detail::maybe(ic_screen_identifier(handle())); }
    /// What is signed in to.
    std::optional<std::string_view> app() const noexcept { return detail::maybe(ic_screen_app(handle())); }
    /// What the server says, each once.
    std::vector<Notice> notices() const
    {
        std::vector<Notice> all;
        for (std::size_t i = 0; i < ic_screen_notice_count(handle()); i++) {
            all.push_back({detail::view(ic_screen_notice_severity(handle(), i)), detail::view(ic_screen_notice(handle(), i))});
        }
        return all;
    }
    /// What to draw, in order.
    std::vector<Element> elements() const { return list<Element>(ic_screen_element_count(handle())); }
    /// Everything that can be done.
    std::vector<Way> ways() const { return list<Way>(ic_screen_way_count(handle())); }
    /// The default: `answer`, `wait`, `device`, `open`, `submit`, `end`.
    std::string_view suggested() const noexcept { return detail::view(ic_screen_suggested(handle())); }
    /// The suggested way, where there is one.
    std::optional<Way> suggested_way() const { return way(ic_screen_suggested_way(handle())); }
    /// The way to take without a word of the person, where there is one: something is waited for, or nothing is asked.
    std::optional<Way> unasked_way() const { return way(ic_screen_unasked_way(handle())); }
    /// The way that leaves this step out. Offer it, never take it unasked.
    std::optional<Way> suggested_skip() const { return way(ic_screen_suggested_skip(handle())); }
    /// The first way of this name, a quiet one, too.
    std::optional<Way> way_named(std::string_view name) const
    {
        return way(ic_screen_way_named(handle(), detail::CString(name).get()));
    }
    /// How it ended, when it ended.
    std::optional<Ending> ending() const
    {
        std::int32_t kind = ic_screen_ending(handle());
        if (kind == 0) {
            return std::nullopt;
        }
        return Ending{kind, ic_screen_ending_is_good(handle()),
                      std::string(detail::view(ic_screen_ending_text(handle()))),
                      std::string(detail::view(ic_screen_ending_retry(handle())))};
    }
    /// A text anywhere in its JSON, by path: `elements.2.label.text`.
    std::optional<std::string_view> text(std::string_view path) const
    {
        return detail::maybe(ic_screen_text(handle(), detail::CString(path).get()));
    }
    /// Whether a boolean anywhere in its JSON is true, by path: `elements.0.required`. What is absent is not.
    bool is(std::string_view path) const { return ic_screen_bool(handle(), detail::CString(path).get()); }
    /// How many entries a list in its JSON has, by path: `elements.2.scopes`.
    std::size_t count(std::string_view path) const { return ic_screen_count(handle(), detail::CString(path).get()); }
    /// The whole screen as JSON, for a web view. Do not log it.
    std::string_view json() const noexcept { return detail::view(ic_screen_json(handle())); }

    /// The handle, for the C API. It stays this object's.
    ic_screen handle() const noexcept { return screen_->get(); }
    /// For the draft.
    const detail::SharedScreen &shared() const noexcept { return screen_; }

private:
    template <typename T> std::vector<T> list(std::size_t count) const
    {
        std::vector<T> all;
        all.reserve(count);
        for (std::size_t i = 0; i < count; i++) {
            all.push_back(T(screen_, i));
        }
        return all;
    }
    std::optional<Way> way(std::size_t index) const
    {
        return index != IC_NO_WAY ? std::optional(Way(screen_, index)) : std::nullopt;
    }

    detail::SharedScreen screen_;
};

/// Something that is wrong with what was given.
struct Check {
    /// The path of the control that it is about.
    std::string_view path;
    /// What is wrong, in words for the person.
    std::string_view text;
};

/// What a person types for one screen. Move-only; what was typed is wiped when it is destroyed.
class Draft {
public:
    /// An empty draft; what the server filled in stands in it.
    explicit Draft(const Screen &screen) : screen_(screen.shared())
    {
        detail::call(ic_draft_new, screen.handle(), handle_.out());
    }

    /// What to ask for next to take this way, each once; nothing when everything was asked.
    std::optional<Control> next(const Way &way)
    {
        ic_node node = ic_draft_next(handle_.get(), way.index());
        return node != IC_NO_NODE ? std::optional(Control(screen_, node)) : std::nullopt;
    }
    /// Puts a text into an input; it is taken for what the input wants. Throws `IC_ERROR_NOT_FOUND` when the screen has no
    /// such input.
    void set(const Control &control, std::string_view value)
    {
        detail::call(ic_draft_set_text, handle_.get(), control.node(), detail::CString(value).get());
    }
    /// Answers an input with yes or no.
    void set(const Control &control, bool value)
    {
        detail::call(ic_draft_set_bool, handle_.get(), control.node(), value);
    }
    /// The same for a text of C, which would be a bool otherwise.
    void set(const Control &control, const char *value) { set(control, std::string_view(value)); }
    /// Puts any JSON value into an input.
    void set_json(const Control &control, std::string_view json)
    {
        detail::call(ic_draft_set_json, handle_.get(), control.node(), detail::CString(json).get());
    }
    /// Chooses one of the offers of a control, by its place.
    void choose(const Control &control, std::size_t offer)
    {
        detail::call(ic_draft_choose, handle_.get(), control.node(), offer);
    }
    /// The second entry of a new password.
    void confirm(const Control &control, std::string_view value)
    {
        detail::call(ic_draft_confirm, handle_.get(), control.node(), detail::CString(value).get());
    }
    /// What is wrong with what was given for a way; empty when it can be taken. Valid while the draft lives.
    std::vector<Check> problems(const Way &way) const
    {
        std::vector<Check> all;
        std::size_t count = ic_draft_problem_count(handle_.get(), way.index());
        for (std::size_t i = 0; i < count; i++) {
            all.push_back({detail::view(ic_draft_problem_path(handle_.get(), way.index(), i)),
                           detail::view(ic_draft_problem(handle_.get(), way.index(), i))});
        }
        return all;
    }
    /// The answer for a way, for `Flow::proceed` and for handlers; `Flow::take` makes and sends it.
    Answer answer(const Way &way) const
    {
        detail::Handle<ic_answer, ic_answer_free> answer;
        detail::call(ic_draft_answer, handle_.get(), way.index(), answer.out());
        return Answer(std::move(answer));
    }

    /// The handle, for the C API. It stays this object's.
    ic_draft handle() const noexcept { return handle_.get(); }

private:
    detail::SharedScreen screen_;
    detail::Handle<ic_draft, ic_draft_free> handle_;
};

} // namespace interaction_code

#endif
