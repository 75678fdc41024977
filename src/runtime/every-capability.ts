import { readIfPresent } from "../kernel/files/read-if-present.js";

/** All that this process can hand on (proc_pid_status(5), CapBnd), in the order of <linux/capability.h>. */
export function everyCapability(): readonly string[] {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readIfPresent("/proc/self/status") ?? "")?.[1] ?? "0";
  const bits = BigInt(`0x${bounding}`);
  return names.filter((_name, bit) => (bits >> BigInt(bit)) & 1n).map((name) => `CAP_${name}`);
}

const names =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST
  NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE
  SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM
  BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`.split(/\s+/);
