import { serveAgent } from "./composition/serve-agent.js";

/** What the first command starts that needs a network which spans hosts; with the word `stay`, what `tsd agent` runs. */
void serveAgent({ stays: process.argv.includes("stay") });
