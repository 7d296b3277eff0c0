// Package sealed is format 1 of sealed links, as docs/format.md has it: how a link seals files so that only its holders
// can open them.
//
// To read a link, start with ParseURL or ParseFragment; Link.Keys derives what the server knows the link by (id and
// access token) and what opens its manifest; OpenManifest gives the list of files and the content key; NewReader opens
// the content as a stream, NewPipeline a run of it as fast as the machine can, NewReaderAt any range. To make one, start
// with NewLink, seal the content with a Writer, or with Chunks where single chunks may have to be sealed again, and the
// list with SealManifest.
//
// What it promises: nothing of a chunk comes out before its tag holds, and a stream ends well only where the manifest
// says that it ends. Each refusal is an Error with a stable name. It does not speak to a server (package client does),
// does not write to disk, and must never be reached by a request: the server knows ciphertext only.
package sealed
