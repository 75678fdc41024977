import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerLife, HealthCheck, LogSettings } from "../../api/index.js";
import { repeated } from "../definitions.js";
import { parseMemory, parsePairs } from "../flag-values.js";
import { parseCount, parseDuration, parseRestartPolicy, parseStopTimeout } from "../life-values.js";
import { optional } from "../optional.js";

const duration = (description: string) => Flags.string({ description, helpValue: "DURATION" });

/** How a new container comes to its end, and what follows. */
export const lifeFlags = {
  rm: Flags.boolean({ description: "Remove the container when it ends." }),
  restart: Flags.string({
    description: "Start it again when it ends: no, on-failure[:NUMBER], always, unless-stopped.",
    helpValue: "POLICY",
  }),
  "stop-signal": Flags.string({ description: "What stop sends first; TERM unless the image says otherwise." }),
  "stop-timeout": Flags.string({ description: "Seconds that stop waits before SIGKILL; 10.", helpValue: "SECONDS" }),
  "health-cmd": Flags.string({
    description: "Command line that a shell in it runs to check it.",
    helpValue: "COMMAND",
  }),
  "health-interval": duration("Time between two checks, such as 1m30s; 30s."),
  "health-timeout": duration("Time after which a check has failed; 30s."),
  "health-start-period": duration("Time after the start in which no failure counts; 0s."),
  "health-start-interval": duration("Time between two checks in the start period; 5s."),
  "health-retries": Flags.string({ description: "Failures in a row that make it unhealthy; 3.", helpValue: "NUMBER" }),
  "no-healthcheck": Flags.boolean({ description: "Do not check it, whatever the image says." }),
  "log-driver": Flags.string({
    description: "json-file, local, k8s-file, journald: all of them tsd's own file; none: no log.",
    helpValue: "NAME",
  }),
  "log-opt": Flags.string({
    description: "max-size=10m: begin another file at that size; max-file=3: keep so many. May be repeated.",
    helpValue: "KEY=VALUE",
    ...repeated,
  }),
};

type LifeFlags = Interfaces.InferredFlags<typeof lifeFlags>;

export function lifeOf(flags: LifeFlags): ContainerLife {
  return {
    autoRemove: flags.rm,
    ...optional("restart", flags.restart === undefined ? undefined : parseRestartPolicy(flags.restart)),
    ...optional("stopSignal", flags["stop-signal"]),
    ...optional(
      "stopTimeout",
      flags["stop-timeout"] === undefined ? undefined : parseStopTimeout(flags["stop-timeout"]),
    ),
    ...optional("health", healthOf(flags)),
    ...optional("log", logOf(flags)),
  };
}

function healthOf(flags: LifeFlags): Partial<HealthCheck> | undefined {
  const time = (flag: "interval" | "timeout" | "start-period" | "start-interval"): number | undefined => {
    const text = flags[`health-${flag}`];
    return text === undefined ? undefined : parseDuration(`health-${flag}`, text);
  };
  const command = flags["health-cmd"];
  const shell = command === undefined || command === "" ? undefined : ["CMD-SHELL", command];
  const retries = flags["health-retries"];
  const health = {
    ...optional("test", flags["no-healthcheck"] ? ["NONE"] : shell),
    ...optional("interval", time("interval")),
    ...optional("timeout", time("timeout")),
    ...optional("startPeriod", time("start-period")),
    ...optional("startInterval", time("start-interval")),
    ...optional("retries", retries === undefined ? undefined : parseCount("health-retries", retries)),
  };
  return Object.keys(health).length === 0 ? undefined : health;
}

function logOf(flags: LifeFlags): LogSettings | undefined {
  const { "max-size": size, "max-file": files } = parsePairs(flags["log-opt"] ?? [], {
    flag: "log-opt",
    example: "max-size=10m",
  });
  const log = {
    ...optional("driver", flags["log-driver"]),
    // docker's word for none.
    ...optional("maxSize", size === undefined || size === "-1" ? undefined : parseMemory(size)),
    ...optional("maxFiles", files === undefined ? undefined : parseCount("log-opt max-file", files)),
  };
  return Object.keys(log).length === 0 ? undefined : log;
}
