import type { Route } from "../router.js";
import { containerRoutes } from "./containers.js";
import { streamRoutes } from "./streams.js";
import { systemRoutes } from "./system.js";
import { waitingRoutes } from "./waiting.js";

/** All that the engine answers, by area. */
export const routes: readonly Route[] = [...systemRoutes, ...containerRoutes, ...streamRoutes, ...waitingRoutes];
