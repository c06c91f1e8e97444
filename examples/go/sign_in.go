// A sign-in in the terminal, whatever the policy asks: sign_in ISSUER CLIENT_ID REDIRECT_URI
//
// Go over the C API: cgo finds the library by pkg-config. A handle is a number and no address, and cgo's own types for handles
// (C.ic_flow, ...) are ones that the garbage collector does not follow: keep handles in them, never in an unsafe.Pointer.
package main

/*
#cgo pkg-config: interaction_code
#include <interaction_code.h>
#include <stdlib.h>
*/
import "C"

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// A SignInError is what a call of the library failed with.
type SignInError struct {
	Status  C.ic_status
	Message string
}

func (e *SignInError) Error() string { return e.Message }

// text copies a borrowed text: it is good as long as its handle is.
func text(borrowed C.ic_str) string { return C.GoStringN(borrowed.data, C.int(borrowed.len)) }

// checked makes a Go error of a status and its error object, which it frees.
func checked(status C.ic_status, object C.ic_error) error {
	if status == C.IC_OK {
		return nil
	}
	defer C.ic_error_free(object)
	return &SignInError{status, text(C.ic_error_message(object))}
}

// with lends a text to C, which copies it, and wipes what was lent: it may be a password.
func with(value string, call func(*C.char) C.ic_status) C.ic_status {
	lent := C.CString(value)
	defer C.free(unsafe.Pointer(lent))
	defer func() {
		for i := range unsafe.Slice(lent, len(value)) {
			unsafe.Slice(lent, len(value))[i] = 0
		}
	}()
	return call(lent)
}

var keyboard = bufio.NewReader(os.Stdin)

func ask(question string) (string, error) {
	fmt.Printf("  %s: ", question)
	line, err := keyboard.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

// pick offers what there is and gives the index of what the person chose.
func pick(question string, count C.size_t, label func(C.size_t) C.ic_str) (C.size_t, error) {
	for i := C.size_t(0); i < count; i++ {
		fmt.Printf("  %d) %s\n", i+1, text(label(i)))
	}
	line, err := ask(question)
	number, _ := strconv.Atoi(line)
	return C.size_t(number - 1), err // nonsense is out of range, and refused
}

// fill asks for one control of a screen.
func fill(screen C.ic_screen, draft C.ic_draft, control C.ic_node) error {
	var object C.ic_error
	label := text(C.ic_screen_control_label(screen, control))
	if options := C.ic_screen_control_option_count(screen, control); options > 0 {
		chosen, err := pick(label, options, func(i C.size_t) C.ic_str { return C.ic_screen_control_option_label(screen, control, i) })
		if err != nil {
			return err
		}
		return checked(C.ic_draft_choose(draft, control, chosen, &object), object)
	}
	typed, err := ask(label)
	if err != nil {
		return err
	}
	status := with(typed, func(value *C.char) C.ic_status { return C.ic_draft_set_text(draft, control, value, &object) })
	if err := checked(status, object); err != nil || !bool(C.ic_screen_control_wants_confirm(screen, control)) {
		return err
	}
	if typed, err = ask(label); err != nil {
		return err
	}
	status = with(typed, func(value *C.char) C.ic_status { return C.ic_draft_confirm(draft, control, value, &object) })
	return checked(status, object)
}

// answer draws a screen, asks for what its suggested way needs (for a way, where that is nothing), and takes it.
func answer(flow C.ic_flow, screen C.ic_screen) error {
	var object C.ic_error
	fmt.Printf("\n%s\n", text(C.ic_screen_title(screen)))
	for i := C.size_t(0); i < C.ic_screen_notice_count(screen); i++ {
		fmt.Println("!", text(C.ic_screen_notice(screen, i)))
	}
	for i := C.size_t(0); i < C.ic_screen_element_count(screen); i++ {
		if said := text(C.ic_screen_element_text(screen, i)); C.ic_screen_element_control(screen, i) == C.IC_NO_NODE && said != "" {
			fmt.Println(said)
		}
	}
	if C.ic_screen_ending(screen) != 0 {
		return fmt.Errorf("it ended without tokens")
	}
	var draft C.ic_draft
	if err := checked(C.ic_draft_new(screen, &draft, &object), object); err != nil {
		return err
	}
	defer C.ic_draft_free(draft)
	way := C.ic_screen_suggested_way(screen)
	control := C.ic_draft_next(draft, way) // each call gives the one after
	if control == C.IC_NO_NODE && text(C.ic_screen_suggested(screen)) == "answer" {
		chosen, err := pick("How to go on", C.ic_screen_way_count(screen), func(i C.size_t) C.ic_str { return C.ic_screen_way_label(screen, i) })
		if err != nil {
			return err
		}
		way = chosen // nothing is sent again by itself
		control = C.ic_draft_next(draft, way)
	}
	for ; control != C.IC_NO_NODE; control = C.ic_draft_next(draft, way) {
		if err := fill(screen, draft, control); err != nil {
			return err
		}
	}
	return checked(C.ic_flow_take(flow, draft, way, nil, nil, &object), object)
}

// start makes a client and begins a flow.
func start(issuer, client, redirect string) (flow C.ic_flow, err error) {
	var object C.ic_error
	var config C.ic_config
	status := with(issuer, func(issuer *C.char) C.ic_status {
		return with(client, func(client *C.char) C.ic_status {
			return with(redirect, func(redirect *C.char) C.ic_status {
				return C.ic_config_new(issuer, client, redirect, &config, &object)
			})
		})
	})
	if err := checked(status, object); err != nil {
		return nil, err
	}
	defer C.ic_config_free(config)
	var handle C.ic_client
	if err := checked(C.ic_client_new(config, &handle, &object), object); err != nil {
		return nil, err
	}
	defer C.ic_client_free(handle) // a flow goes on without it
	return flow, checked(C.ic_flow_start(handle, nil, nil, &flow, &object), object)
}

func signIn(issuer, client, redirect string) (subject string, err error) {
	flow, err := start(issuer, client, redirect)
	if err != nil {
		return "", err
	}
	defer C.ic_flow_free(flow)
	for {
		var object C.ic_error
		var screen C.ic_screen
		if err := checked(C.ic_flow_next(flow, nil, &screen, &object), object); err != nil {
			return "", err
		}
		if screen == nil {
			break
		}
		runtime.GC() // as it may at any time: what it makes of handles is seen
		err := answer(flow, screen)
		C.ic_screen_free(screen)
		if err != nil {
			return "", err
		}
	}
	var object C.ic_error
	var tokens C.ic_tokens // the code is redeemed, the ID token verified
	if err := checked(C.ic_flow_finish(flow, nil, &tokens, &object), object); err != nil {
		return "", err
	}
	defer C.ic_tokens_free(tokens)
	return text(C.ic_tokens_subject(tokens)), nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: sign_in ISSUER CLIENT_ID REDIRECT_URI")
		os.Exit(2)
	}
	subject, err := signIn(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Println("signed in:", subject)
	if left := C.ic_live_handles(); left != 0 {
		fmt.Fprintln(os.Stderr, left, "handles were not freed")
		os.Exit(1)
	}
}
