import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const name = "127.0.0.1:5000/team/app:1";
const pid = "$TSD_RUN/registry.pid";
const startRegistry: Action = [
  "shell",
  `node test/support/registry/serve-image.mjs "${pid}" >/dev/null 2>&1 &
   for i in $(seq 600); do [ -s "${pid}" ] && exit; sleep 0.1; done; exit 1`,
];
const importOther: Action = ["tsd", "image", "import", "ROOT/busybox.tar", "other"];
const stopRegistry: Action = ["shell", `kill $(cat "${pid}"); rm "${pid}"`];

/** Images of a registry's, and names of images. */
export const imageCommands: Readonly<Record<string, DoomedCommand>> = {
  "image pull": {
    before: [startRegistry],
    words: ["image", "pull", name],
    next: [["system", "gc"]],
    back: [["tsd", "image", "rm", name]],
    after: [stopRegistry],
  },
  "image import": {
    words: ["image", "import", "ROOT/busybox.tar", "other"],
    next: [["system", "gc"]],
    back: [["tsd", "image", "rm", "other"]],
  },
  "image rm": {
    before: [importOther],
    after: [["tsd", "image", "rm", "other"]],
    words: ["image", "rm", "other"],
    next: [["system", "gc"]],
    back: [importOther],
  },
  "image tag": { words: ["image", "tag", "busybox", "other"], back: [["tsd", "image", "rm", "other"]] },
};
