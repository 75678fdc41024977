import type { Route } from "../router.js";
import { containerRoutes } from "./containers.js";
import { lifeRoutes } from "./life.js";
import { streamRoutes } from "./streams.js";
import { systemRoutes } from "./system.js";
import { waitingRoutes } from "./waiting.js";

/** All that the engine replies to, by area. */
export const routes: readonly Route[] = [
  ...systemRoutes,
  ...containerRoutes,
  ...lifeRoutes,
  ...streamRoutes,
  ...waitingRoutes,
];
