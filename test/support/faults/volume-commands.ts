import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const image = "busybox";
const sleep = ["sleep", "600"];
const networks = [{ network: "a", address: "10.80.0.19" }];

const makeData: Action = ["volumes", "create", { name: "data" }];
const removeData: Action = ["volumes", "remove", "data"];
const createOther: Action = [
  "containers",
  "create",
  { image, name: "other", command: sleep, volumes: ["/x"], networks },
];
const removeOther: Action = ["containers", "remove", "other", { force: true, volumes: true }];

/** What is made, filled and removed beside containers, as {@link doomedCommands}. */
export const volumeCommands: Readonly<Record<string, DoomedCommand>> = {
  "volume create": { words: ["volume", "create", "data"], back: [["volumes", "remove", "data"]] },
  "volume rm": { before: [makeData], words: ["volume", "rm", "data"], back: [makeData], after: [removeData] },
  "create with a new volume, which is filled, and one without a name": {
    words: [
      "create",
      "--name",
      "other",
      "--net",
      "a",
      "--ip",
      "10.80.0.19",
      "-v",
      "data:/etc",
      "-v",
      "/x",
      image,
      ...sleep,
    ],
    back: [removeOther, removeData],
  },
  "rm -v": {
    before: [createOther],
    words: ["rm", "-v", "other"],
    back: [createOther],
    after: [removeOther],
  },
  "cp to a container that does not run": {
    before: [createOther],
    words: ["cp", "/etc/hostname", "other:/copied"],
    back: [removeOther, createOther],
    between: "any part",
    after: [removeOther],
  },
};
