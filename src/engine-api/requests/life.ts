import type { ContainerLife, LogSettings, RestartPolicy } from "../../api/index.js";
import { parseMemory } from "../../commands/flag-values.js";
import { optional } from "../../commands/optional.js";
import type { Field } from "../../contracts/json-field.js";
import { flagOf, mapOf, numberOf, objectOf, textOf } from "./fields.js";

/** How a container comes to its end, and what follows. */
export function lifeOf(host: Field): ContainerLife {
  const log = objectOf(host, "LogConfig");
  const { "max-size": size, "max-file": files } = mapOf(log, "Config") ?? {};
  const settings: LogSettings = {
    ...optional("driver", textOf(log, "Type")),
    ...optional("maxSize", size === undefined || size === "-1" ? undefined : parseMemory(size, "log-opt max-size")),
    ...optional("maxFiles", files === undefined ? undefined : Number(files)),
  };
  return {
    autoRemove: flagOf(host, "AutoRemove"),
    ...optional("restart", restartPolicy(objectOf(host, "RestartPolicy"))),
    ...optional("log", Object.keys(settings).length === 0 ? undefined : settings),
  };
}

/** Undefined where none is asked for. */
export function restartPolicy(field: Field): RestartPolicy | undefined {
  const name = textOf(field, "Name");
  if (name === undefined) return undefined;
  return { name: name as RestartPolicy["name"], ...optional("retries", numberOf(field, "MaximumRetryCount")) };
}
