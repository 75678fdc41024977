import type { ContainerSpec, HealthCheck } from "../../api/index.js";
import { signalNumber } from "../../contracts/signal-number.js";
import { TsdError } from "../../errors/tsd-error.js";

const policies = new Set(["no", "on-failure", "always", "unless-stopped"]);

/** Other engines' words for where a log is kept; each means tsd's own file, but the last. */
const logDrivers = new Set(["json-file", "local", "k8s-file", "journald", "none"]);

/** Bytes; a file that is smaller would be begun again with each line or so. */
const SMALLEST_LOG = 1024;

/** Milliseconds of a week: more than anybody waits, and less than what a timer of Node.js can hold. */
const LONGEST = 7 * 24 * 3600 * 1000;

/** Refuses what contradicts itself of how a container is to end. Throws `invalid-input`. */
export function checkLife(spec: ContainerSpec): void {
  checkRestart(spec);
  if (spec.stopSignal !== undefined) signalNumber(spec.stopSignal);
  if (
    spec.stopTimeout !== undefined &&
    !Number.isInteger(spec.stopTimeout) &&
    spec.stopTimeout !== Number.POSITIVE_INFINITY
  )
    throw invalid("--stop-timeout", spec.stopTimeout, "a whole number of seconds");
  if (spec.health !== undefined) checkHealth(spec.health);
  checkLog(spec);
}

function checkRestart({ restart, autoRemove }: ContainerSpec): void {
  if (restart === undefined) return;
  const { name, retries } = restart;
  if (!policies.has(name)) throw invalid("--restart", name, "no, on-failure[:NUMBER], always or unless-stopped");
  if (retries !== undefined && name !== "on-failure")
    throw invalid("--restart", `${name}:${retries}`, `a policy: only on-failure takes a number of restarts`);
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0))
    throw invalid("--restart", `${name}:${retries}`, "a policy with a whole number of restarts");
  if (autoRemove !== true || name === "no") return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_RESTART_CONFLICT",
    message: `conflicting options: --restart ${name} starts the container again, and --rm removes it`,
    hint: "Leave out one of them.",
  });
}

function checkHealth({ test, retries, ...times }: Partial<HealthCheck>): void {
  const flags = {
    interval: "--health-interval",
    timeout: "--health-timeout",
    startPeriod: "--health-start-period",
    startInterval: "--health-start-interval",
  } as const;
  for (const [key, flag] of Object.entries(flags)) {
    const value = times[key as keyof typeof flags];
    // 0 is what images have for the default, as docker's flags.
    if (value === undefined || value === 0) continue;
    if (!(value >= 1 && value <= LONGEST)) throw invalid(flag, `${value}ms`, "a time of 1ms to a week");
  }
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0))
    throw invalid("--health-retries", retries, "a whole number of failures");
  if (test?.some((word) => word.includes("\0")))
    throw invalid("--health-cmd", test.join(" "), "free of NUL characters");
  const isNone = test?.[0] === "NONE";
  if (isNone && (retries !== undefined || Object.values(times).some((value) => value !== undefined)))
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_HEALTH_CONFLICT",
      message: "--no-healthcheck conflicts with the --health-… flags",
      hint: "Leave out one of them.",
    });
}

function checkLog({ log }: ContainerSpec): void {
  if (log === undefined) return;
  const { driver, maxSize, maxFiles } = log;
  if (driver !== undefined && !logDrivers.has(driver))
    throw invalid("--log-driver", driver, `one of ${[...logDrivers].join(", ")}`);
  if (maxSize !== undefined && !(Number.isSafeInteger(maxSize) && maxSize >= SMALLEST_LOG))
    throw invalid("--log-opt", `max-size=${maxSize}`, `a size of ${SMALLEST_LOG} bytes or more`);
  if (maxFiles !== undefined && !(Number.isInteger(maxFiles) && maxFiles >= 1 && maxFiles <= 1000))
    throw invalid("--log-opt", `max-file=${maxFiles}`, "a number of files from 1 to 1000");
  if (maxFiles !== undefined && maxFiles > 1 && maxSize === undefined)
    throw invalid("--log-opt", `max-file=${maxFiles}`, "of use without max-size, at which another file is begun");
}

function invalid(flag: string, value: string | number, expected: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_LIFE_INVALID",
    message: `${flag} "${value}" is not ${expected}`,
    hint: "Correct it, or leave it out.",
    details: { flag, value },
  });
}
