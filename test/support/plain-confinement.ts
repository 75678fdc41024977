import type { Confinement } from "../../src/contracts/index.js";

/** That of a container which asks for nothing. */
export const plainConfinement: Confinement = {
  privileged: false,
  capAdd: [],
  capDrop: [],
  devices: [],
  deviceRules: [],
  noNewPrivileges: false,
  unmasked: false,
  groups: [],
  pid: "own",
  ipc: "own",
  uts: "own",
  cgroup: "own",
  readOnly: false,
  init: false,
};
