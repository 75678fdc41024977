/**
 * Loaded into a tsd before anything else. Each step over the border that changes something is two events, one before and one
 * after it. Kills the tsd with SIGKILL at the event of number TSD_TEST_KILL_AT, counted from 0; without a number, writes each
 * as a line of JSON to the file TSD_TEST_EVENTS.
 */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";

const { TSD_TEST_KILL_AT: number, TSD_TEST_EVENTS: file } = process.env;
// What this process starts, and what a container's supervisor starts for it, is not to be killed.
for (const name of ["NODE_OPTIONS", "BUN_OPTIONS", "TSD_TEST_KILL_AT", "TSD_TEST_EVENTS"]) delete process.env[name];

let taken = 0;
subscribe("tsd:operation", ({ phase, into, what, reads }) => {
  if (reads) return;
  if (taken++ === Number(number)) process.kill(process.pid, "SIGKILL");
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ phase, into, what })}\n`);
});
