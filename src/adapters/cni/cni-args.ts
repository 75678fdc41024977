import { TsdError } from "../../errors/tsd-error.js";
import { shown } from "./shown.js";

export interface CniArgs {
  readonly ip?: string;
  readonly mac?: string;
}

/** Reads `CNI_ARGS`, `K=V;K=V`. What tsd does not know is refused unless `IgnoreUnknown` says otherwise. */
export function readCniArgs(text: string): CniArgs {
  const pairs = text === "" ? [] : text.split(";").map(split);
  const values = new Map(pairs);
  const strict = !/^(1|true)$/i.test(values.get("IgnoreUnknown") ?? "");
  const unknown = pairs.find(([key]) => !["IgnoreUnknown", "IP", "MAC"].includes(key));
  if (strict && unknown !== undefined) throw invalidArgs(`${shown(unknown.join("="))} is unknown`);
  const [ip, mac] = [values.get("IP"), values.get("MAC")];
  return { ...(ip ? { ip } : {}), ...(mac ? { mac } : {}) };
}

function split(pair: string): readonly [string, string] {
  const [key = "", value, ...rest] = pair.split("=");
  if (value === undefined || rest.length > 0) throw invalidArgs(`${shown(pair)} is no pair`);
  return [key, value];
}

function invalidArgs(what: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_ENVIRONMENT",
    message: `CNI_ARGS: ${what}`,
    hint: "Write KEY=VALUE pairs with semicolons between them: IP=10.1.0.9;MAC=02:00:00:00:00:09. IgnoreUnknown=1 allows other keys.",
  });
}
