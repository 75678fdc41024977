import type { Tsd } from "../api/index.js";
import type { Exchange } from "./http/exchange.js";
import { refusal } from "./http/refusal.js";
import type { Service } from "./service.js";

/** A request with its parameters, and what the service keeps between requests. */
export interface PlainCall {
  readonly exchange: Exchange;
  /** Of the API's version 1.x that the client speaks. */
  readonly minor: number;
  /** A parameter of the route's path, decoded. */
  readonly param: (name: string) => string;
  readonly service: Service;
}

/** What a handler gets. */
export interface Call extends PlainCall {
  /** Open until the handler's promise settles. */
  readonly tsd: Tsd;
}

type Handler = (call: Call) => void | Promise<void>;

interface Place {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** `/containers/{id}/json`; a parameter that ends in `*` holds slashes too: `/images/{name*}/json`. */
  readonly path: string;
}

/** A request that tsd is opened for. */
interface TsdRoute extends Place {
  readonly handler: Handler;
  /** It changes nothing, and so waits for no other command; by default what is no GET and no HEAD changes something. */
  readonly reads?: true;
  /** It changes nothing and may wait for very long: all of these share one tsd, and so one connection to the store. */
  readonly waits?: true;
}

/** One that needs no tsd, but what the service keeps. */
interface PlainRoute extends Place {
  readonly reply: (call: PlainCall) => void;
}

export type Route = TsdRoute | PlainRoute;

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

export interface Found {
  readonly route: Route;
  readonly param: (name: string) => string;
}

/** Finds the route of a request; the first that matches counts. */
export class Router {
  private readonly routes: readonly Compiled[];

  constructor(routes: readonly Route[]) {
    this.routes = routes.map(compile);
  }

  /** Throws 404 for a path that there is not, and 405 for another method. */
  find(method: string, path: string): Found {
    const matching = this.routes.filter(({ pattern }) => pattern.test(path));
    const route = matching.find((one) => one.route.method === method);
    if (route !== undefined) return { route: route.route, param: parametersOf(route, path) };
    if (matching.length > 0) throw refusal(405, `the path ${path} does not accept the method ${method}`);
    throw refusal(404, "page not found");
  }
}

function compile(route: Route): Compiled {
  const names: string[] = [];
  const source = route.path.replace(/\{(\w+)(\*?)\}/g, (_, name: string, rest: string) => {
    names.push(name);
    return rest === "" ? "([^/]+)" : "(.+)";
  });
  return { route, names, pattern: new RegExp(`^${source}$`, "s") };
}

function parametersOf({ pattern, names }: Compiled, path: string): (name: string) => string {
  const [, ...values] = pattern.exec(path) ?? [];
  const decoded = values.map(decode);
  return (name) => decoded[names.indexOf(name)] ?? "";
}

/** Throws 400 for what is no text: a name with a NUL leads nowhere, and would be cut off there. */
function decode(value: string): string {
  let text: string;
  try {
    text = decodeURIComponent(value);
  } catch {
    throw refusal(400, `the path has a part that is not encoded as a URL: ${value.slice(0, 60)}`);
  }
  if (text.includes("\0")) throw refusal(400, "the path has a NUL in it");
  return text;
}
