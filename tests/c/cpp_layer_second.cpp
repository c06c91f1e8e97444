// A second unit that includes the header: what is in it must be inline.
#include <interaction_code.hpp>

std::size_t messages_of_another_unit(const interaction_code::Step &step) { return step.messages().size(); }
