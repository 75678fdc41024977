import type { RequestOptions } from "node:https";
import { pathFault } from "../../kernel/files/path-fault.js";
import { parseFile, readBoundedFile } from "../foreign/bounded-file.js";
import { type Fields, fieldOf, isFields, textOf } from "./fields.js";
import { type Called, unreachable, untrusted } from "./plugin-failure.js";
import type { PluginPlace } from "./plugin-places.js";

/** Where node:http connects to, and whether by TLS. */
export interface PluginAddress {
  readonly isSecure: boolean;
  readonly options: RequestOptions;
}

const LONGEST_FILE = 65_536;
/** What servers of Go accept for a socket, where no name says anything. */
const SOCKET_HOST = "plugin.moby.localhost";

/** The address that a place holds. Throws `plugin` for a file that holds none. */
export function addressAt({ path, form }: PluginPlace, called: Called): PluginAddress {
  if (form === "socket") return bySocket(path);
  const file = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw unreachable(
        called,
        `${path} holds no address: ${error instanceof Object && "message" in error ? error.message : error}`,
        `Correct ${path}, or remove it.`,
      );
    }
  };
  return file(() => {
    const text = readBoundedFile(path, LONGEST_FILE).toString();
    return form === "spec" ? byUrl(text.trim()) : byJson(parseFile(text));
  });
}

/** {@link addressAt} where root or the caller has decided what is there, and at a socket that the address names. */
export function trustedAddressAt(place: PluginPlace, called: Called): PluginAddress {
  requireOwn(place.path, called);
  const address = addressAt(place, called);
  const { socketPath } = address.options;
  if (typeof socketPath === "string") requireOwn(socketPath, called);
  return address;
}

/** Who listens there is sent what tsd knows, and decides on the network of containers. */
function requireOwn(path: string, called: Called): void {
  const fault = pathFault(path);
  if (fault !== undefined) throw untrusted(called, `${path} ${fault}`);
}

function bySocket(socketPath: string): PluginAddress {
  return { isSecure: false, options: { socketPath, headers: { Host: SOCKET_HOST } } };
}

function byUrl(text: string, tls: RequestOptions = {}): PluginAddress {
  const url = URL.parse(text);
  if (url?.protocol === "unix:" && url.pathname.length > 1) return bySocket(decodeURIComponent(url.pathname));
  if (!url || !["tcp:", "http:", "https:"].includes(url.protocol) || url.hostname === "")
    throw new Error("it must be unix:///PATH, tcp://HOST:PORT, http://HOST:PORT or https://HOST:PORT");
  const isSecure = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? {} : { port: Number(url.port) };
  return { isSecure, options: { hostname, ...port, headers: { Host: url.host }, ...(isSecure ? tls : {}) } };
}

/** `{"Addr": …, "TLSConfig": {"InsecureSkipVerify", "CAFile", "CertFile", "KeyFile"}}` */
function byJson(value: unknown): PluginAddress {
  if (!isFields(value)) throw new Error("it is no JSON object");
  const tls = fieldOf(value, "TLSConfig");
  return byUrl(textOf(value, "Addr"), isFields(tls) ? tlsOptions(tls) : {});
}

/** Without a file of authorities there is nothing to verify by, and docker does not. */
function tlsOptions(tls: Fields): RequestOptions {
  const file = (name: string): Buffer | undefined => {
    const path = textOf(tls, name);
    return path === "" ? undefined : readBoundedFile(path, LONGEST_FILE);
  };
  const [ca, cert, key] = [file("CAFile"), file("CertFile"), file("KeyFile")];
  return {
    rejectUnauthorized: ca !== undefined && fieldOf(tls, "InsecureSkipVerify") !== true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
