package disk

import "golang.org/x/sys/unix"

// magics are the numbers by which Linux tells file systems apart (statfs(2)), with what mount(8) calls them. Those of FUSE are all one.
var magics = map[uint32]string{
	unix.EXT4_SUPER_MAGIC: "ext4", // ext2 and ext3 have the same
	unix.XFS_SUPER_MAGIC:  "xfs", unix.BTRFS_SUPER_MAGIC: "btrfs", 0x2fc12fc1: "zfs", unix.F2FS_SUPER_MAGIC: "f2fs", 0xca451a4e: "bcachefs",
	unix.OVERLAYFS_SUPER_MAGIC: "overlay", unix.TMPFS_MAGIC: "tmpfs", unix.RAMFS_MAGIC: "ramfs", unix.FUSE_SUPER_MAGIC: "fuse",
	unix.NFS_SUPER_MAGIC: "nfs", unix.SMB_SUPER_MAGIC: "smb", unix.CIFS_SUPER_MAGIC: "cifs", unix.SMB2_SUPER_MAGIC: "smb",
	unix.V9FS_MAGIC: "9p", unix.AFS_FS_MAGIC: "afs", unix.CEPH_SUPER_MAGIC: "ceph",
	unix.MSDOS_SUPER_MAGIC: "vfat", unix.EXFAT_SUPER_MAGIC: "exfat", 0x5346544e: "ntfs", 0x7366746e: "ntfs", unix.REISERFS_SUPER_MAGIC: "reiserfs", 0x3153464a: "jfs",
}

// FileSystem is the name of the file system that path is on, such as "ext4"; "" for one that is not known here.
func FileSystem(path string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return ""
	}
	return magics[uint32(st.Type)]
}
