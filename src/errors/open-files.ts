/** What to do about the limits on open files, by the error with which Linux refuses one (open(2)). */
export const openFilesHints = {
  EMFILE: "Raise the limit on open files: ulimit -n 1024",
  ENFILE: "Raise the sysctl fs.file-max.",
} as const;
