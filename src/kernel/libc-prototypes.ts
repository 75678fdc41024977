/**
 * As koffi parses them; src/executable/libc.ts reads the same. Types are anonymous: named koffi types are one per process, and a
 * second definition throws. koffi has no ssize_t.
 */
export const libcPrototypes = {
  socket: "int socket(int, int, int)",
  bind: "int bind(int, const void *, uint32_t)",
  connect: "int connect(int, const void *, uint32_t)",
  listen: "int listen(int, int)",
  getsockname: "int getsockname(int, void *, void *)",
  send: "int64_t send(int, const void *, size_t, int)",
  recv: "int64_t recv(int, void *, size_t, int)",
  shutdown: "int shutdown(int, int)",
  setsockopt: "int setsockopt(int, int, int, const void *, uint32_t)",
  close: "int close(int)",
  setns: "int setns(int, int)",
  unshare: "int unshare(int)",
  ioctl: "int ioctl(int, unsigned long, void *)",
  mount: "int mount(const char *, const char *, const char *, unsigned long, const char *)",
  umount2: "int umount2(const char *, int)",
  fchdir: "int fchdir(int)",
  flock: "int flock(int, int)",
  memfd_create: "int memfd_create(const char *, unsigned int)",
  pipe2: "int pipe2(void *, int)",
  fcntl: "int fcntl(int, int, int)",
  setenv: "int setenv(const char *, const char *, int)",
  syscall: "int64_t syscall(int64_t, int64_t, int64_t, int64_t, int64_t)",
} as const;

export type LibcCall = keyof typeof libcPrototypes;
