import type { Tsd, TsdOptions } from "../../api/index.js";
import { printable } from "../../errors/printable.js";
import { describeSystemError } from "../../errors/system-error.js";
import { TsdError } from "../../errors/tsd-error.js";
import { DockerNetworks } from "./docker-networks.js";
import { constants, methods } from "./methods.js";
import { parseBody } from "./parse-body.js";

export interface Reply {
  readonly status: number;
  readonly body: object;
}

export interface Calls {
  open(options: Pick<TsdOptions, "onWarning">): Promise<Tsd>;
  /** Receives a line about each thing that its reader may want to know. */
  report(line: string): void;
  readonly driver: string;
}

/**
 * Carries out one call of docker's, by the path and the body of its request. What fails is said in one sentence, which docker
 * shows its user. tsd is opened for each call, so that it sees plug-ins and settings of this moment, and work that others left.
 */
export async function reply(path: string, text: string, { open, report, driver }: Calls): Promise<Reply> {
  const name = path.replace(/^\//, "");
  try {
    if (Object.hasOwn(constants, name)) return { status: 200, body: constants[name] ?? {} };
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) return { status: 404, body: { Err: printable(`tsd has no method ${name}`) } };
    const call = method(parseBody(text));
    const onWarning = (warning: string): void => report(`warning: ${warning}`);
    using tsd = await open({ onWarning });
    return { status: 200, body: await call({ networks: new DockerNetworks(tsd), driver }) };
  } catch (error) {
    const { status, words } = failure(error);
    report(`${name}: ${words}`);
    return { status, body: { Err: words } };
  }
}

/** docker takes what has another status than 200 for a fault of the plug-in. */
function failure(thrown: unknown): { readonly status: number; readonly words: string } {
  const error = describeSystemError(thrown);
  if (!TsdError.is(error)) {
    const message = String((error as Error | null)?.message ?? error);
    return { status: 500, words: printable(`internal error of tsd: ${message}`) };
  }
  const words = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  return { status: error.code === "TSD_DOCKER_REQUEST" ? 400 : 200, words: printable(words) };
}
