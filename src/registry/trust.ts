import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "../kernel/files/read-if-present.js";
import type { Trust } from "./exchange.js";

/** The machine's certificate authorities, by distribution: Debian's, Fedora's, SUSE's and Alpine's. */
const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** Where docker and podman keep authorities for one registry: `DIRECTORY/HOST/*.crt`. */
const CERTIFICATES: readonly string[] = ["/etc/docker/certs.d", "/etc/containers/certs.d"];

/** Which authorities a host is judged by: the machine's, and those that were put there for this registry. */
export async function trustOf(host: string, verifies: boolean, directories = CERTIFICATES): Promise<Trust> {
  if (!verifies) return { verifies };
  const own = (await Promise.all(directories.map((directory) => certificatesIn(join(directory, host))))).flat();
  const bundle = (await Promise.all(BUNDLES.map((path) => readIfPresent(path)))).find((text) => text !== undefined);
  if (own.length === 0 && bundle === undefined) return { verifies };
  const authorities = bundle === undefined ? (await import("node:tls")).rootCertificates : [bundle];
  return { verifies, ca: [...authorities, ...own] };
}

async function certificatesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  const texts = names.filter((name) => name.endsWith(".crt")).map((name) => readIfPresent(join(directory, name)));
  return (await Promise.all(texts)).filter((text) => text !== undefined);
}
