// Package disk tells of the file system that a folder lies on: [Space], and [FileSystem]. It only asks the system, and keeps nothing.
package disk

// Kind is what a file system means for a data folder.
type Kind string

// The kinds of which an operator should know.
const (
	Plain   Kind = ""        // nothing to say
	Memory  Kind = "memory"  // all is gone with the next start of the machine
	Network Kind = "network" // SQLite's locks, and what "on the disk" means, are another machine's word
	NoLinks Kind = "simple"  // FAT and its like: no journal, no hard links, no permissions
)

// kinds are those of the names that FileSystem answers.
var kinds = map[string]Kind{
	"tmpfs": Memory, "ramfs": Memory,
	"nfs": Network, "smb": Network, "cifs": Network, "smbfs": Network, "9p": Network, "afs": Network, "ceph": Network, "webdav": Network,
	"vfat": NoLinks, "msdos": NoLinks, "exfat": NoLinks, "msdosfs": NoLinks, "FAT32": NoLinks, "exFAT": NoLinks, "FAT": NoLinks,
}

// KindOf is the kind of a file system by its name.
func KindOf(name string) Kind { return kinds[name] }
