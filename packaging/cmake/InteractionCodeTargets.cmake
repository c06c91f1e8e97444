# The targets of InteractionCode; InteractionCodeConfig.cmake includes this.

# The folder above this one that has the header: a library may be in lib, lib64 or lib/x86_64-linux-gnu.
get_filename_component(_ic_prefix "${CMAKE_CURRENT_LIST_DIR}" REALPATH)
while(NOT EXISTS "${_ic_prefix}/include/interaction_code.h")
    get_filename_component(_ic_above "${_ic_prefix}" DIRECTORY)
    if(_ic_above STREQUAL _ic_prefix)
        message(FATAL_ERROR "interaction_code.h is in no folder `include` above ${CMAKE_CURRENT_LIST_DIR}")
    endif()
    set(_ic_prefix "${_ic_above}")
endwhile()
unset(_ic_above)
get_filename_component(_ic_folders "${CMAKE_CURRENT_LIST_DIR}/../.." REALPATH)
list(APPEND _ic_folders
    "${_ic_prefix}/lib" "${_ic_prefix}/lib64" "${_ic_prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE}")

foreach(_ic_kind IN ITEMS shared static)
    string(TOUPPER "${_ic_kind}" _ic_upper)
    # Not cached: another prefix may be asked for in the next run.
    unset(_ic_file CACHE)
    find_library(_ic_file
        NAMES "${CMAKE_${_ic_upper}_LIBRARY_PREFIX}interaction_code${CMAKE_${_ic_upper}_LIBRARY_SUFFIX}"
        PATHS ${_ic_folders} NO_DEFAULT_PATH)
    if(_ic_file AND NOT TARGET InteractionCode::${_ic_kind})
        add_library(InteractionCode::${_ic_kind} ${_ic_upper} IMPORTED)
        set_target_properties(InteractionCode::${_ic_kind} PROPERTIES
            IMPORTED_LOCATION "${_ic_file}"
            INTERFACE_INCLUDE_DIRECTORIES "${_ic_prefix}/include")
    endif()
    unset(_ic_file CACHE)
endforeach()

# What Rust's own library needs of the system; `cargo xtask dist` compares it with what rustc says.
if(TARGET InteractionCode::static AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
    set_property(TARGET InteractionCode::static PROPERTY
        INTERFACE_LINK_LIBRARIES util rt pthread m dl c)
endif()

if(NOT TARGET InteractionCode::InteractionCode)
    foreach(_ic_kind IN ITEMS static shared)
        if(TARGET InteractionCode::${_ic_kind})
            set(_ic_best ${_ic_kind})
        endif()
    endforeach()
    if(_ic_best)
        add_library(InteractionCode::InteractionCode INTERFACE IMPORTED)
        set_property(TARGET InteractionCode::InteractionCode PROPERTY
            INTERFACE_LINK_LIBRARIES InteractionCode::${_ic_best})
    endif()
    unset(_ic_best)
endif()
unset(_ic_prefix)
unset(_ic_folders)
unset(_ic_kind)
unset(_ic_upper)
