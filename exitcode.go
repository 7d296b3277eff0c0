package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"thorpe/shares/client"
	"thorpe/shares/sealed"
)

// What the program ends with, for scripts; docs/commands.md promises these.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitGone        = 3
	exitPassword    = 4
	exitDamaged     = 5
	exitUnreachable = 6
	exitChanged     = 7
	exitSignedOut   = 8
	exitNoSpace     = 9
	exitInterrupted = 130
)

// exitHelp stands below the help.
const exitHelp = `Exit codes: 0 done, 1 failed otherwise, 2 wrong usage, 3 not there or gone, 4 wrong password, 5 what the server holds was
changed or damaged, 6 no connection, 7 a file changed while it was sent, 8 not signed in, 9 no space, 130 interrupted.
`

// usageError is a command that cannot be meant as it is written.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// wrongUsage says what is wrong with a command.
func wrongUsage(format string, values ...any) error { return usageError{fmt.Errorf(format, values...)} }

// exitCode is what to end with after err.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if _, wrong := errors.AsType[usageError](err); wrong {
		return exitUsage
	}
	if refused, ok := errors.AsType[*client.Error](err); ok {
		switch refused.Code {
		case "not_found", "gone":
			return exitGone
		case "wrong_token", "wrong_password", "proof_needed":
			return exitPassword
		case "not_signed_in":
			return exitSignedOut
		case "no_space":
			return exitNoSpace
		}
	}
	if _, missing := errors.AsType[noSuchLinkError](err); missing {
		return exitGone
	}
	if refused, ok := errors.AsType[sealed.Error](err); ok {
		return exitOfFormat(refused)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, client.ErrChanged):
		return exitChanged
	case errors.Is(err, errNoSuchLink):
		return exitGone
	case errors.Is(err, client.ErrContentChanged), errors.Is(err, errOlder), errors.Is(err, errUnreadable), errors.Is(err, errBackupDamaged):
		return exitDamaged
	case errors.Is(err, errNoSession), errors.Is(err, errSessionEnded), errors.Is(err, client.ErrNotSignedIn):
		return exitSignedOut
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return exitNoSpace
	case errors.Is(err, sealed.ErrNoLink):
		return exitUsage
	case client.Unreachable(err), errors.Is(err, errUnhealthy):
		return exitUnreachable
	}
	return exitFailed
}

// exitOfFormat is for what the format refuses.
func exitOfFormat(refused sealed.Error) int {
	switch refused {
	case sealed.LinkNotBase64URL, sealed.LinkCutOff, sealed.LinkTooLong:
		return exitUsage
	case sealed.UnknownFormat, sealed.UnknownFlags:
		return exitFailed
	case sealed.PasswordNeeded, sealed.PasswordEmpty, sealed.PasswordTooLong, sealed.PasswordLoneSurrogate, sealed.PasswordControl, sealed.WrongToken:
		return exitPassword
	}
	return exitDamaged
}
