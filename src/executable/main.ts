import { basename } from "node:path";
import { mark } from "./installation.js";

type Program = () => Promise<unknown>;

const run = async (program: Promise<{ main(): Promise<void> }>): Promise<void> => (await program).main();

const netavark: Program = () => run(import("../netavark.js"));

/** By the name that the executable is called by; by every other name it is the command line. podman calls netavark. */
const adapters: Readonly<Record<string, Program>> = {
  "tsd-cni": () => run(import("../cni.js")),
  "tsd-netavark": netavark,
  netavark,
};

const ofKit = async (name: keyof typeof import("./kit-programs.js")): Promise<unknown> =>
  (await import("./kit-programs.js"))[name]();

/** What tsd starts as processes of its own, by their first word. */
const ownPrograms: Readonly<Record<string, Program>> = {
  [`${mark}probe`]: () => import("../probe.js"),
  [`${mark}resolver`]: () => import("../resolver-main.js"),
  [`${mark}timers`]: () => import("../timers-main.js"),
  [`${mark}agent`]: () => import("../agent-main.js"),
  [`${mark}traffic-agent`]: () => ofKit("trafficAgent"),
  [`${mark}verify-process`]: () => ofKit("verifyProcess"),
  [`${mark}doomed-process`]: () => ofKit("doomedProcess"),
};

function chosen(): Program {
  const [word] = process.argv.slice(2);
  const own = ownPrograms[word ?? ""];
  if (own !== undefined) {
    process.argv.splice(2, 1);
    return own;
  }
  // Runtimes of CNI call a plug-in without words, by the type in configurations: tsd.
  const name = word === undefined && process.env.CNI_COMMAND ? "tsd-cni" : basename(process.argv0);
  return adapters[name] ?? (() => run(import("../cli.js")));
}

void chosen()();
