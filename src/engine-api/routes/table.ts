import type { Route } from "../router.js";
import { archiveRoutes } from "./archive.js";
import { containerRoutes } from "./containers.js";
import { diskUsageRoutes } from "./disk-usage.js";
import { eventRoutes } from "./events.js";
import { execRoutes } from "./exec.js";
import { imageTransferRoutes } from "./image-transfers.js";
import { imageRoutes } from "./images.js";
import { lackingRoutes } from "./lacking.js";
import { lifeRoutes } from "./life.js";
import { lookRoutes } from "./looks.js";
import { networkRoutes } from "./networks.js";
import { streamRoutes } from "./streams.js";
import { systemRoutes } from "./system.js";
import { volumeRoutes } from "./volumes.js";
import { waitingRoutes } from "./waiting.js";

/** All that the engine replies to, by area. */
export const routes: readonly Route[] = [
  ...systemRoutes,
  ...containerRoutes,
  ...lifeRoutes,
  ...streamRoutes,
  ...execRoutes,
  ...lookRoutes,
  ...waitingRoutes,
  ...archiveRoutes,
  ...imageRoutes,
  ...imageTransferRoutes,
  ...networkRoutes,
  ...volumeRoutes,
  ...eventRoutes,
  ...diskUsageRoutes,
  ...lackingRoutes,
];
