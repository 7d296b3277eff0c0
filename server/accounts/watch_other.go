//go:build !unix

package accounts

func mapWALIndex(string) []byte { return nil }
