/** Modules that only some files may import. */
export const doors = [
  {
    name: "koffi",
    module: "koffi|@koromix/.*",
    may: "^src/kernel/",
    comment: "Foreign calls can end the process: one door.",
  },
  {
    name: "child-process",
    module: "(node:)?child_process|execa",
    may: "^src/(kernel|testing)/",
    comment:
      "Programs are started in one place, which bounds their time and reads their errors. The kit starts processes to be killed, and agents.",
  },
  {
    name: "inversify",
    module: "inversify|reflect-metadata",
    may: "^src/composition/",
    comment: "Classes take what they need in their constructor; only the composition root knows a container.",
  },
  {
    name: "oclif",
    module: "@oclif/core",
    may: "^src/(commands|cli)/",
    comment: "The command line is one user of the library.",
  },
  {
    name: "sqlite",
    module: "(node:)?sqlite",
    may: "^src/(store/|testing/lab/state-residue\\.js)",
    comment: "How rows are kept is the store's own affair. The kit compares the database as a whole.",
  },
];
