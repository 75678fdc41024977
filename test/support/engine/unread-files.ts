import type { ContainerFiles } from "../../../src/contracts/index.js";

/** Files of containers that have none: each is empty, and nothing is read or written. */
export const unreadFiles: ContainerFiles = {
  status: () => Promise.reject(new Error("no container has files here")),
  read: () => Promise.reject(new Error("no container has files here")),
  write: () => Promise.reject(new Error("no container has files here")),
  hostStatus: () => undefined,
  readHost: () => Promise.reject(new Error("this machine has no files")),
  writeHost: () => Promise.reject(new Error("this machine has no files")),
  changes: async () => [],
  size: async () => 0,
};
