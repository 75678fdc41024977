import { serveAgent } from "./agent-process.js";

/** What the first command starts that needs a network which spans hosts. */
void serveAgent();
