# find_package(InteractionCode [VERSION] [REQUIRED] [COMPONENTS shared static])
#
# Targets: InteractionCode::shared, InteractionCode::static (each where it is installed), and
# InteractionCode::InteractionCode, which is the shared one, or the static one where there is no other.
# Everything is found relative to this file, so the folder can be moved.

include("${CMAKE_CURRENT_LIST_DIR}/InteractionCodeTargets.cmake")

foreach(component IN LISTS InteractionCode_FIND_COMPONENTS)
    if(TARGET InteractionCode::${component})
        set(InteractionCode_${component}_FOUND TRUE)
    elseif(InteractionCode_FIND_REQUIRED_${component})
        set(InteractionCode_FOUND FALSE)
        set(InteractionCode_NOT_FOUND_MESSAGE "InteractionCode is installed without its ${component} library")
    endif()
endforeach()

if(NOT TARGET InteractionCode::InteractionCode)
    set(InteractionCode_FOUND FALSE)
    set(InteractionCode_NOT_FOUND_MESSAGE "No library of InteractionCode was found beside ${CMAKE_CURRENT_LIST_DIR}")
endif()
