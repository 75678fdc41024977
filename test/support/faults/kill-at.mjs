/**
 * Loaded into a tsd before anything else: kills it with SIGKILL at the step over the border of number TSD_TEST_KILL_AT,
 * counted from 0, of those that change something. Steps count once before and once after.
 */
import { subscribe } from "node:diagnostics_channel";

const at = Number(process.env.TSD_TEST_KILL_AT);
// What this process starts, and what a container's supervisor starts for it, is not to be killed.
delete process.env.NODE_OPTIONS;
delete process.env.TSD_TEST_KILL_AT;

let taken = 0;
subscribe("tsd:operation", ({ reads }) => {
  if (!reads && taken++ === at) process.kill(process.pid, "SIGKILL");
});
