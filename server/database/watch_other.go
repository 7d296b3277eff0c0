//go:build !unix

package database

func mapWALIndex(string) []byte { return nil }
