/**
 * Loaded into a tsd before anything else. Sends the signal TSD_TEST_SIGNAL to the resolver, whose lock is the file TSD_TEST_LOCK,
 * at the event of number TSD_TEST_AT, as kill-at.mjs counts them; this tsd goes on. The file TSD_TEST_EVENTS gets a line for each.
 */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync, readFileSync } from "node:fs";

const { TSD_TEST_AT: number, TSD_TEST_SIGNAL: signal, TSD_TEST_LOCK: lock, TSD_TEST_EVENTS: file } = process.env;
// What this process starts is not concerned.
for (const name of ["NODE_OPTIONS", "BUN_OPTIONS", "TSD_TEST_AT", "TSD_TEST_EVENTS"]) delete process.env[name];

let taken = 0;
subscribe("tsd:operation", ({ phase, into, what, reads }) => {
  if (reads) return;
  if (taken++ === Number(number)) harm();
  appendFileSync(file, `${JSON.stringify({ phase, into, what })}\n`);
});

function harm() {
  try {
    process.kill(JSON.parse(readFileSync(lock, "utf8")).pid, signal);
  } catch {
    // None runs at this moment.
  }
}
