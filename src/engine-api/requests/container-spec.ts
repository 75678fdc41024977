import type { ContainerSpec, HealthCheck } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import type { Field } from "../../contracts/json-field.js";
import { flagOf, integerOf, mapOf, numberOf, objectOf, textOf, textsOf, wordsOf } from "./fields.js";
import { lifeOf } from "./life.js";
import { limitsOf } from "./limits.js";
import { networkingOf } from "./networking.js";
import { privilegesOf } from "./privileges.js";
import { refuseForeign } from "./refuse-foreign.js";
import { storageOf } from "./storage.js";

/** Nanoseconds of a millisecond. */
const MILLISECOND = 1e6;

/** What the query of `POST /containers/create` says. */
interface Asked {
  readonly name?: string | undefined;
  readonly platform?: string | undefined;
}

/**
 * The body of `POST /containers/create` as the container that is asked for. Fields that tsd does not know are ignored, as docker
 * does. Throws `unsupported` for those that it knows and has not.
 */
export function containerSpec(body: Field, { name, platform }: Asked = {}): ContainerSpec {
  const host = objectOf(body, "HostConfig");
  refuseForeign(host, platform);
  const command = wordsOf(body, "Cmd");
  const health = healthOf(body);
  return {
    ...optional("name", name?.replace(/^\//, "")),
    ...optional("image", textOf(body, "Image")),
    ...(command === undefined ? {} : { command }),
    ...optional("entrypoint", entrypointOf(body)),
    ...optional(
      "env",
      textsOf(body, "Env")?.filter((entry) => entry.includes("=")),
    ),
    ...optional("workdir", textOf(body, "WorkingDir")),
    ...optional("hostname", textOf(body, "Hostname")),
    ...optional("domainname", textOf(body, "Domainname")),
    ...optional("user", textOf(body, "User")),
    ...optional("labels", mapOf(body, "Labels")),
    ...optional("stopSignal", textOf(body, "StopSignal")),
    ...optional("stopTimeout", integerOf(body, "StopTimeout")),
    ...optional("health", health),
    tty: flagOf(body, "Tty"),
    interactive: flagOf(body, "OpenStdin"),
    ...networkingOf(body, host),
    ...limitsOf(host),
    ...privilegesOf(host),
    ...storageOf(body, host),
    ...lifeOf(host),
  };
}

/** One empty word means that the image's is not wanted. */
function entrypointOf(body: Field): readonly string[] | undefined {
  const words = wordsOf(body, "Entrypoint");
  return words?.length === 1 && words[0] === "" ? [] : words;
}

/** docker's times are nanoseconds; what is 0 is the image's. */
function healthOf(body: Field): Partial<HealthCheck> | undefined {
  const check = objectOf(body, "Healthcheck");
  const time = (name: string): number | undefined => {
    const given = numberOf(check, name);
    return given === undefined ? undefined : given / MILLISECOND;
  };
  const health = {
    ...optional("test", textsOf(check, "Test")),
    ...optional("interval", time("Interval")),
    ...optional("timeout", time("Timeout")),
    ...optional("startPeriod", time("StartPeriod")),
    ...optional("startInterval", time("StartInterval")),
    ...optional("retries", numberOf(check, "Retries")),
  };
  return Object.keys(health).length === 0 ? undefined : health;
}
