// Command modules writes modules.txt, the notices page's list of the Go modules that are in the program, with their licences.
// `go generate ./templates` runs it after a dependency changed; a test of templates tells when that was forgotten.
package main

import (
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
	file, err := os.Create("modules.txt")
	if err != nil {
		log.Fatalf("modules: %v", err)
	}
	for _, module := range modules {
		licence, err := module.Licence()
		if err != nil {
			log.Fatalf("modules: %v", err)
		}
		fmt.Fprintf(file, "======== %s %s\n%s\n", module.Path, module.Version, licence)
	}
	if err := file.Close(); err != nil {
		log.Fatalf("modules: %v", err)
	}
}
