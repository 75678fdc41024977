import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { TsdError } from "../errors/tsd-error.js";
import { fileError } from "../kernel/errno.js";
import { pathFault } from "../kernel/files/path-fault.js";
import { readPrivateFile } from "../kernel/files/private-file.js";

/** Paths of files in PEM. */
export interface CertificateFiles {
  /** Of the authority that clients' certificates must come from. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What the files say. */
export type Certificates = CertificateFiles;

/**
 * Reads what a server of TLS shows and what it checks clients by. Throws `permission` for a key that others can read,
 * `invalid-input` for a file that others can change, or that is not what it should be: Node.js would take a file without a
 * certificate for no authority at all, and then trust each of the public ones.
 */
export function readCertificates({ ca, cert, key }: CertificateFiles): Certificates {
  for (const path of [ca, cert, key]) refuseChangeable(path);
  const read = { ca: readText(ca), cert: readText(cert), key: readPrivateFile(key, "the key file") };
  parsed(ca, "certificate", () => new X509Certificate(read.ca));
  const own = parsed(cert, "certificate", () => new X509Certificate(read.cert));
  const secret = parsed<KeyObject>(key, "private key without a password", () => createPrivateKey(read.key));
  if (own.checkPrivateKey(secret)) return read;
  throw unusable(key, `does not belong to the certificate in ${cert}`, "Name the two that were made together.");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileError("read", path, error);
  }
}

function parsed<T>(path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw unusable(path, `has no ${what} in PEM`, "Look at it: openssl x509 -in FILE -text, openssl pkey -in FILE");
  }
}

/** Another user could let itself in. */
function refuseChangeable(path: string): void {
  const fault = pathFault(path);
  if (fault === undefined) return;
  throw unusable(path, fault, "What decides who may connect must be root's alone: chown root, chmod go-w.");
}

function unusable(path: string, why: string, hint: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_SERVICE_CERTIFICATE",
    message: `${path} ${why}`,
    hint,
    details: { path },
  });
}
