import type { Host } from "../../contracts/index.js";
import { forwardDrops, forwardDropsOfEach, inputDrops } from "../forward-chains/forward-drops.js";
import { capture } from "./capture.js";
import { firewalls } from "./firewalls.js";
import { links } from "./links.js";
import { platform } from "./platform.js";
import { probe } from "./probe.js";
import { resolver } from "./resolver.js";
import { routing } from "./routing.js";
import { sockets } from "./sockets.js";

/** The machine as its kernel has it now. */
export const hostNetwork: Host = {
  ...routing,
  ...links,
  ...resolver,
  ...sockets,
  ...platform,
  forwardDrops,
  forwardDropsOfEach,
  inputDrops,
  firewalls,
  probe,
  capture,
};
