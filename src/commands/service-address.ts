import { isIP } from "node:net";
import type { Address } from "../engine-api/serve.js";
import { TsdError } from "../errors/tsd-error.js";
import { absolutePath } from "./absolute-path.js";
import { optional } from "./optional.js";
import type { Surroundings } from "./surroundings.js";

/** The first descriptor that systemd passes, sd_listen_fds(3). */
const FIRST_PASSED = 3;

/** What the caller says of who may connect. */
export interface Admission {
  readonly group: string | undefined;
  readonly tlscacert: string | undefined;
  readonly tlscert: string | undefined;
  readonly tlskey: string | undefined;
}

/** Where the service is to listen, by docker's words. Throws `invalid-input`. */
export function serviceAddress(text: string, admission: Admission, caller: Surroundings): Address {
  if (text.startsWith("tcp://")) return portOf(text, admission, caller);
  const [needless] = Object.entries(filesOf(admission)).find(([, path]) => path !== undefined) ?? [];
  if (needless !== undefined) throw unfit(needless, text, "TLS is for tcp:// alone", "Leave it out.");
  if (text === "fd://") return { fd: passedSocket(admission, caller) };
  const path = text.startsWith("unix://") ? text.slice("unix://".length) : "";
  if (path === "") throw unknownAddress(text);
  return { path: absolutePath(path, caller), ...optional("group", admission.group) };
}

function filesOf({ tlscacert: ca, tlscert: cert, tlskey: key }: Admission) {
  return { "--tlscacert": ca, "--tlscert": cert, "--tlskey": key };
}

function portOf(text: string, admission: Admission, caller: Surroundings): Address {
  const { group, tlscacert: ca, tlscert: cert, tlskey: key } = admission;
  if (group !== undefined) throw unfit("--group", text, "who may connect by TCP shows a certificate", "Leave it out.");
  if (ca === undefined || cert === undefined || key === undefined) throw unprotected(text, admission);
  const [, bracketed, plain, digits] = /^tcp:\/\/(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const port = Number(digits);
  if (isIP(host) !== (bracketed === undefined ? 4 : 6) || !(port >= 1 && port <= 65_535)) throw unknownAddress(text);
  return { host, port, ca: absolutePath(ca, caller), cert: absolutePath(cert, caller), key: absolutePath(key, caller) };
}

function passedSocket({ group }: Admission, { env }: Surroundings): number {
  if (group !== undefined) {
    const why = "who may connect to a socket of systemd's is said where it is made";
    throw unfit("--group", "fd://", why, "Write SocketGroup= for tsd-docker.socket: systemctl edit tsd-docker.socket");
  }
  const { LISTEN_PID, LISTEN_FDS } = env;
  if (Number(LISTEN_PID) === process.pid && LISTEN_FDS === "1") return FIRST_PASSED;
  const found = LISTEN_PID === undefined ? "none" : `${LISTEN_FDS ?? "none"} to process ${LISTEN_PID}`;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_SERVICE_NO_SOCKET",
    message: `fd:// takes the one socket that systemd passes, and it passed ${found}`,
    hint: "Start tsd-docker.socket, or write unix:// and a path.",
    details: { pid: LISTEN_PID, descriptors: LISTEN_FDS },
  });
}

function unprotected(address: string, admission: Admission): TsdError {
  const missing = Object.entries(filesOf(admission)).flatMap(([flag, path]) => (path === undefined ? [flag] : []));
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_SERVICE_ADDRESS",
    message: `the service listens on ${address} with certificates alone, since each client becomes root: ${missing.join(", ")} is missing`,
    hint: "Give --tlscacert, --tlscert and --tlskey, or write unix:// and an absolute path.",
    details: { address, missing },
  });
}

function unfit(flag: string, address: string, why: string, hint: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `${flag} does not fit ${address}: ${why}`,
    hint,
    details: { flag, address },
  });
}

function unknownAddress(text: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_SERVICE_ADDRESS",
    message: `the service cannot listen on "${text}"`,
    hint: "Write unix:// and an absolute path, fd://, or tcp://ADDRESS:PORT with an IP address of this machine.",
    details: { address: text },
  });
}
