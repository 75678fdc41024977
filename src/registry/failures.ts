import { quoted } from "../errors/connection-fault.js";
import { TsdError } from "../errors/tsd-error.js";

/** The error for a registry that cannot be reached, or does not keep the connection. */
export function unreachable(host: string, why: string, cause?: unknown): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_REGISTRY_UNREACHABLE",
    message: `registry ${host} cannot be reached: ${why}`,
    hint: "Check the name, the network and name resolution, or load the image from a file: tsd image load -i FILE",
    details: { host },
    cause,
  });
}

/** The error for a reply that makes no sense, or that is not what a digest promises: nothing of it is kept. */
export function dishonest(host: string, why: string, cause?: unknown): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_REGISTRY_REPLY_INVALID",
    message: `registry ${host} ${why}`,
    hint: "Try again; if it stays so, do not trust this registry.",
    details: { host },
    cause,
  });
}

/** The error for a place that a registry sends tsd to, and tsd does not go. */
export function refusedPlace(host: string, place: string, why: string): TsdError {
  return new TsdError({
    kind: "permission",
    code: "TSD_REGISTRY_REDIRECT_REFUSED",
    message: `registry ${host} leads to ${quoted(place)}, ${why}`,
    hint: "Do not trust this registry, or list it under registries.insecure in tsd's configuration file if it is yours.",
    details: { host },
  });
}

/** The error for a status that ends the exchange. `what` is what was asked for. */
export function refusedBy(host: string, what: string, status: number): TsdError {
  if (status === 401 || status === 403 || status === 407)
    return new TsdError({
      kind: "permission",
      code: "TSD_REGISTRY_DENIED",
      message: `registry ${host} denies access to ${what} (HTTP ${status}): it does not exist there, or needs other credentials`,
      hint: `Check the name, or log in with docker login ${host}: tsd reads ~/.docker/config.json.`,
      details: { host, status },
    });
  if (status === 404)
    return new TsdError({
      kind: "not-found",
      code: "TSD_REGISTRY_NOT_FOUND",
      message: `registry ${host} has no ${what}`,
      hint: "Check the name and the tag.",
      details: { host, status },
    });
  return new TsdError({
    kind: "runtime",
    code: "TSD_REGISTRY_FAILED",
    message: `registry ${host} refuses ${what}: HTTP ${status}`,
    hint: status === 429 ? "Wait, or log in: the registry limits how much it sends." : "Try again later.",
    details: { host, status },
  });
}
