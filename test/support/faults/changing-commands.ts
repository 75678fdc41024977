import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const web = {
  image: "busybox",
  name: "web",
  command: ["sleep", "600"],
  networks: [{ network: "a", address: "10.80.0.9" }],
};
const makeWeb: Action = ["containers", "runDetached", web];

/** On a host as {@link doomedCommands} has it: what changes a container, and what it needs beside its network. */
export const changingCommands: Readonly<Record<string, DoomedCommand>> = {
  kill: { before: [makeWeb], words: ["kill", "web"], back: [["containers", "start", "web"]] },
  restart: {
    before: [makeWeb],
    words: ["restart", "-t", "0", "web"],
    back: [],
    between: [["containers", "stop", "web", 0]],
  },
  "exec on a terminal": { before: [makeWeb], words: ["exec", "-t", "web", "sh", "-c", "echo up"], back: [] },
  "exec -d": { before: [makeWeb], words: ["exec", "-d", "web", "true"], back: [] },
  rename: {
    before: [
      makeWeb,
      [
        "tsd",
        "run",
        "-d",
        "--name",
        "other",
        "--net",
        "a",
        "--ip",
        "10.80.0.19",
        "--link",
        "web:db",
        "busybox",
        "sleep",
        "600",
      ],
    ],
    words: ["rename", "web", "front"],
    back: [["containers", "rename", "front", "web"]],
    after: [["containers", "remove", "other", { force: true }]],
  },
  pause: { before: [makeWeb], words: ["pause", "web"], back: [["containers", "unpause", "web"]] },
  unpause: {
    before: [makeWeb, ["containers", "pause", "web"]],
    words: ["unpause", "web"],
    back: [["containers", "pause", "web"]],
  },
  update: {
    before: [makeWeb],
    words: ["update", "--memory", "64m", "--pids-limit", "50", "web"],
    back: [["containers", "update", "web", { memory: 0, pidsLimit: 4096 }]],
  },
  "stop of a paused one": {
    before: [makeWeb, ["containers", "pause", "web"]],
    words: ["stop", "-t", "0", "web"],
    back: [
      ["containers", "start", "web"],
      ["containers", "pause", "web"],
    ],
    between: [["containers", "unpause", "web"]],
  },
  "run -d, with shared memory and a device": {
    words: [
      ...["run", "-d", "--name", "other", "--net", "a", "--ip", "10.80.0.19"],
      ...["--ipc", "shareable", "--device", "/dev/net/tun", "busybox", "sleep", "600"],
    ],
    back: [["containers", "remove", "other", { force: true }]],
  },
};
