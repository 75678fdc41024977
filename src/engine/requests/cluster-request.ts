import { existsSync } from "node:fs";
import type { ClusterSpec } from "../../api/index.js";
import type { Membership } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { checkName } from "../rows/identifiers.js";

/** What a user asks for, and what the words in it mean. */
export interface ClusterRequest extends Pick<ClusterSpec, "address" | "interface"> {
  readonly cluster: string;
  readonly host: string;
  readonly etcd?: NonNullable<Membership["etcd"]>;
}

/** Reads a user's words about a cluster. Throws `invalid-input`, and `not-found` for files that are not there. */
export function parseCluster(spec: ClusterSpec, hostname: string): ClusterRequest {
  const { cluster = "default", name: host = hostname, address, interface: link } = spec;
  checkName("cluster", cluster);
  checkName("host", host);
  if (address !== undefined && link !== undefined)
    throw invalid(
      address,
      `both the address ${address} and the interface ${link} were given`,
      "Leave out one of the two.",
    );
  const etcd = parseEtcd(spec);
  return {
    ...{ cluster, host },
    ...(address === undefined ? {} : { address }),
    ...(link === undefined ? {} : { interface: link }),
    ...(etcd === undefined ? {} : { etcd }),
  };
}

function parseEtcd({ etcd, ca, cert, key, user, passwordFile }: ClusterSpec): ClusterRequest["etcd"] {
  const given = { ca, cert, key, user, passwordFile };
  const files = Object.entries({ ca, cert, key, "password-file": passwordFile });
  if (etcd === undefined) {
    const needless = Object.entries(given).find(([, value]) => value !== undefined);
    if (needless === undefined) return undefined;
    throw invalid(
      needless[1],
      `${needless[1]} was given for a cluster of this host alone, which asks no etcd`,
      "Leave it out, or name etcd: --etcd URL",
    );
  }
  const endpoints = etcd.map(parseEndpoint);
  if (endpoints.length === 0)
    throw invalid(undefined, "no member of etcd was named", "Name one at least: --etcd URL,URL");
  requireBoth({ "--cert": cert, "--key": key });
  requireBoth({ "--user": user, "--password-file": passwordFile });
  for (const [flag, path] of files) if (path !== undefined) requireFile(flag, path);
  const isPlain = endpoints.find((url) => url.startsWith("http:"));
  if (isPlain !== undefined && (ca ?? cert) !== undefined)
    throw invalid(
      isPlain,
      `${isPlain} asks for no certificate`,
      "Write https: in its place, or leave the certificates out.",
    );
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { endpoints, ...Object.fromEntries(known) };
}

function parseEndpoint(text: string): string {
  const url = URL.parse(text);
  const isBare = url !== null && (url.pathname === "/" || url.pathname === "") && url.search === "" && url.hash === "";
  if (!isBare || !/^https?:$/.test(url.protocol) || url.hostname === "" || url.username !== "")
    throw invalid(
      text,
      `"${text}" is not the URL of a member of etcd`,
      "Write http://HOST:PORT or https://HOST:PORT, with no path.",
    );
  const [, port = "2379"] = /:(\d+)\/?$/.exec(text) ?? [];
  return `${url.protocol}//${url.hostname}:${port}`;
}

function requireBoth(pair: Readonly<Record<string, string | undefined>>): void {
  const [[one, first] = ["", undefined], [other, second] = ["", undefined]] = Object.entries(pair);
  if ((first === undefined) === (second === undefined)) return;
  const [given, lacking] = first === undefined ? [other, one] : [one, other];
  throw invalid(first ?? second, `${given} was given without ${lacking}`, `Give ${lacking} too.`);
}

function requireFile(flag: string, path: string): void {
  if (existsSync(path)) return;
  throw new TsdError({
    kind: "not-found",
    code: "TSD_CLUSTER_FILE",
    message: `there is no file ${path} for --${flag}`,
    hint: "Give the path of a file of this host, which stays there: tsd reads it whenever it asks etcd.",
    details: { flag, path },
  });
}

function invalid(value: unknown, message: string, hint: string): TsdError {
  return new TsdError({ kind: "invalid-input", code: "TSD_CLUSTER_REQUEST", message, hint, details: { value } });
}
