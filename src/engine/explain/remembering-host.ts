import type { Host } from "../../contracts/index.js";

/** The host as it was at the first time that each question was asked: for one look at it with many questions. */
export function rememberingHost(host: Host): Host {
  return {
    ...host,
    addresses: remember(host.addresses),
    uplinks: remember(host.uplinks),
    routeTo: remember(host.routeTo),
    parameter: remember(host.parameter),
    isPortFree: remember(host.isPortFree),
    listeners: remember(host.listeners),
    resolverFiles: remember(host.resolverFiles),
  };
}

/** What throws is asked again. */
function remember<Question extends readonly unknown[], Reply>(
  ask: (...question: Question) => Reply,
): (...question: Question) => Reply {
  const known = new Map<string, Reply>();
  return (...question) => {
    const key = JSON.stringify(question);
    if (!known.has(key)) known.set(key, ask(...question));
    return known.get(key) as Reply;
  };
}
