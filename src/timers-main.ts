import { serveTimers } from "./composition/serve-timers.js";

/** What the first command starts that starts a container with a health check, or with a log in several files. */
void serveTimers();
