// Command modules writes modules.txt.gz, the notices page's list of the Go modules that are in the program, with their licences. Compressed, for it would be 0.7 % of the program.
// `go generate ./templates` runs it after a dependency changed; a test of templates tells when that was forgotten.
package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"log"
	"os"

	"thorpe/templates/modules/list"
)

func main() {
	log.SetFlags(0)
	modules, err := list.Modules()
	if err != nil {
		log.Fatalf("modules: %v", err)
	}
	file, err := os.Create("modules.txt.gz")
	if err != nil {
		log.Fatalf("modules: %v", err)
	}
	text, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		log.Fatalf("modules: %v", err)
	}
	for _, module := range modules {
		licence, err := module.Licence()
		if err != nil {
			log.Fatalf("modules: %v", err)
		}
		fmt.Fprintf(text, "======== %s %s\n%s\n", module.Path, module.Version, licence)
	}
	if err := errors.Join(text.Close(), file.Close()); err != nil {
		log.Fatalf("modules: %v", err)
	}
}
