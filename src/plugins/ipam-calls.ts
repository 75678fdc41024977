import type { IpamDriver, Pool } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";

type Verb = "proposePool" | "releasePool" | "proposeAddress" | "releaseAddress";

/** An IPAM driver whose calls are reported as boundary operations and whose values have the type that they must have. */
export interface IpamCalls {
  readonly name: string;
  readonly parseOptions: IpamDriver["parseOptions"];
  proposePool(...proposal: Parameters<IpamDriver["proposePool"]>): Promise<Pool>;
  releasePool(...network: Parameters<IpamDriver["releasePool"]>): Promise<void>;
  proposeAddress(...proposal: Parameters<IpamDriver["proposeAddress"]>): Promise<string>;
  releaseAddress(...lease: Parameters<IpamDriver["releaseAddress"]>): Promise<void>;
}

/** Throws `plugin` naming driver and verb for what is not a TsdError of the driver's own. */
export function ipamCalls(driver: IpamDriver): IpamCalls {
  const { name } = driver;
  const call = <T>(verb: Verb, subject: string, work: () => T | Promise<T>): Promise<T> =>
    boundaryOperation({ into: "plugin", what: () => `${name} ${verb} ${subject}` }, async () => {
      try {
        return await work();
      } catch (error) {
        if (TsdError.is(error)) throw error;
        throw failed(name, verb, error);
      }
    });
  return {
    name,
    parseOptions: (raw) => driver.parseOptions(raw),
    proposePool: async (proposal) => {
      const answer = await call("proposePool", proposal.networkName, () => driver.proposePool(proposal));
      return isPool(answer) ? answer : refuse(name, "proposePool", answer);
    },
    releasePool: (network) => call("releasePool", network.networkId, () => driver.releasePool(network)),
    proposeAddress: async (proposal) => {
      const answer: unknown = await call("proposeAddress", proposal.holder, () => driver.proposeAddress(proposal));
      return isText(answer) ? answer : refuse(name, "proposeAddress", answer);
    },
    releaseAddress: (lease) => call("releaseAddress", lease.holder, () => driver.releaseAddress(lease)),
  };
}

/** No address or CIDR is longer. */
const longest = 64;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= longest;
}

function isPool(value: unknown): value is Pool {
  if (typeof value !== "object" || value === null) return false;
  const { cidr, gateway, range = "", auxiliary = {} } = value as Record<keyof Pool, unknown>;
  const isNamed = typeof auxiliary === "object" && auxiliary !== null && Object.values(auxiliary).every(isText);
  return [cidr, gateway, range].every(isText) && isNamed;
}

function refuse(name: string, verb: Verb, answer: unknown): never {
  const wanted = verb === "proposePool" ? "a pool with cidr and gateway" : "an address";
  throw new TsdError({
    kind: "plugin",
    code: "TSD_IPAM_ANSWER",
    message: `${verb} of IPAM driver "${name}" returned ${shown(answer)}, which is not ${wanted}`,
    hint: "Report this to the author of the IPAM driver.",
    details: { driver: name, verb },
  });
}

function shown(answer: unknown): string {
  if (answer === undefined) return "nothing";
  const text = jsonOf(answer) ?? `a ${typeof answer}`;
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Undefined for what JSON cannot say, such as a function, or an object that holds itself. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function failed(name: string, verb: Verb, error: unknown): TsdError {
  const why = (error as Partial<Error> | undefined)?.message ?? error;
  return new TsdError({
    kind: "plugin",
    code: "TSD_IPAM_FAILED",
    message: `${verb} of IPAM driver "${name}" failed: ${String(why)}`,
    hint: "Report this to the author of the IPAM driver.",
    details: { driver: name, verb },
    cause: error,
  });
}
