/** Flags of mount(2) and umount2(2); values of <sys/mount.h>. */
export const MS_NOSUID = 2;
export const MS_NODEV = 4;
export const MS_NOEXEC = 8;
export const MS_BIND = 0x1000;
export const MS_REC = 0x4000;
export const MS_SHARED = 0x100000;
export const MNT_DETACH = 2;
export const UMOUNT_NOFOLLOW = 8;
