package main

import "embed"

// source is all that this program is built from, and its documentation, without the pictures, which a test takes anew, what measures other servers, and the links' test vectors
// (1.2 MB). Every page offers it (AGPL, section 13): whoever runs a changed program hands out the changed source with it, without doing anything for it.
//
//go:embed *.go go.mod go.sum LICENSE README.md .gitignore
//go:embed .ci/run .ci/large .ci/build .ci/clean-machine .ci/release .ci/package.json .ci/package-lock.json .ci/.npmrc .ci/tsconfig.json .ci/tsconfig.workers.json
//go:embed all:server all:dav shares/*.go all:shares/accountkeys all:shares/client all:shares/sealed all:templates all:static docs/*.md docs/*.json docs/*.yaml docs/Containerfile all:docs/proxies all:docs/systemd
var source embed.FS
