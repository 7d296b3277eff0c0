//go:build !unix

package main

import "io/fs"

// isOurs tells whether a temporary folder is one that nobody else could put files into: the folder around it says who may.
func isOurs(info fs.FileInfo) bool { return info.IsDir() }

// bootID is another after each start of the computer; empty where the system does not tell.
func bootID() string { return "" }
