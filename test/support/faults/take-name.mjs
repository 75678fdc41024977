/**
 * Loaded into a tsd before anything else: at the moment it asks the kernel for a link of the name TSD_TEST_TAKE, another hand
 * takes that name, too late for any look before. Kills the tsd at the step of number TSD_TEST_KILL_AT from there on, as
 * `kill-at.mjs` does.
 */
import { execFileSync } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";

const { TSD_TEST_TAKE: name, TSD_TEST_TAKE_AS: type } = process.env;
const at = Number(process.env.TSD_TEST_KILL_AT);
for (const variable of ["NODE_OPTIONS", "BUN_OPTIONS", "TSD_TEST_TAKE", "TSD_TEST_TAKE_AS", "TSD_TEST_KILL_AT"]) {
  delete process.env[variable];
}

let taken = -1;
subscribe("tsd:operation", ({ what, reads, phase }) => {
  if (taken === -1 && phase === "before" && what.includes(`create link ${name}`)) {
    execFileSync("ip", ["link", "add", name, "type", ...type.split(" ")]);
    taken = 0;
  } else if (taken >= 0 && !reads && taken++ === at) {
    process.kill(process.pid, "SIGKILL");
  }
});
