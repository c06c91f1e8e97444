# The version is the header's. While it is 0.x, each minor version may break programs; from 1.0 on each major one.

get_filename_component(_ic_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
file(STRINGS "${_ic_prefix}/include/interaction_code.h" _ic_line REGEX "^#define IC_VERSION_STRING ")
string(REGEX REPLACE ".*\"(.*)\".*" "\\1" PACKAGE_VERSION "${_ic_line}")
unset(_ic_prefix)
unset(_ic_line)

string(REGEX MATCH "^0\\.[0-9]+|^[0-9]+" _ic_has "${PACKAGE_VERSION}")
string(REGEX MATCH "^0\\.[0-9]+|^[0-9]+" _ic_wants "${PACKAGE_FIND_VERSION}")
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
elseif(_ic_has STREQUAL _ic_wants AND PACKAGE_FIND_VERSION VERSION_LESS PACKAGE_VERSION)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
else()
    set(PACKAGE_VERSION_COMPATIBLE FALSE)
endif()

unset(_ic_has)
unset(_ic_wants)
