import type { Registry } from "../../cli/registry-entry.js";

/** Commands on images. */
export const images: Registry = {
  "image pull": {
    summary: "Fetch an image from a registry",
    load: () => import("../image/pull.js"),
    aliases: ["pull"],
  },
  "image import": {
    summary: "Make an image from a tar of a root file system",
    load: () => import("../image/import.js"),
    aliases: ["import"],
  },
  "image load": {
    summary: "Read images from an archive",
    load: () => import("../image/load.js"),
    aliases: ["load"],
  },
  "image exists": {
    summary: "Say by the exit code whether an image exists",
    load: () => import("../image/exists.js"),
  },
  "image ls": {
    summary: "List images",
    load: () => import("../image/ls.js"),
    aliases: ["image list", "images"],
  },
  "image inspect": {
    summary: "Show images in full",
    load: () => import("../image/inspect.js"),
  },
  "image history": {
    summary: "Show how an image was made",
    load: () => import("../image/history.js"),
    aliases: ["history"],
  },
  "image tag": {
    summary: "Give an image one more name",
    load: () => import("../image/tag.js"),
    aliases: ["tag"],
  },
  "image save": {
    summary: "Write images to an archive",
    load: () => import("../image/save.js"),
    aliases: ["save"],
  },
  "image rm": {
    summary: "Remove images",
    load: () => import("../image/rm.js"),
    aliases: ["image remove", "rmi"],
  },
  "image prune": {
    summary: "Remove images that nothing uses",
    load: () => import("../image/prune.js"),
  },
};
