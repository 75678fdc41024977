import type { Server } from "node:http";
import { createServer } from "node:tls";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { acceptFor } from "./accept-for.js";
import { type CertificateFiles, readCertificates } from "./certificates.js";
import { Handshakes } from "./handshakes.js";

export interface SecurePort extends CertificateFiles {
  /** An address of this machine. */
  readonly host: string;
  readonly port: number;
}

/** Milliseconds in which a client shows its certificate, and how many may be about to. */
const HANDSHAKE = { time: 10_000, most: 256 };
/** Milliseconds between two reports of clients that were not let in: anyone can be one, again and again. */
const REPORTS = 1000;

/**
 * Has the server listen on a port of TCP, for clients that show a certificate of the authority alone, by TLS 1.2 or newer. `onError`
 * hears of each other client. Throws `conflict` for a port that is taken, `invalid-input` for an address that is not this machine's, and
 * what {@link readCertificates} throws. Returns what stops it.
 *
 * The executable's runtime has no upgrades in its HTTPS server, so both runtimes pass decrypted connections to an HTTP server.
 */
export async function listenSecurely(
  server: Server,
  { host, port, ...files }: SecurePort,
  onError: (error: Error) => void,
  handshake = HANDSHAKE,
): Promise<() => void> {
  const options = { requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.2", allowHalfOpen: true } as const;
  const certificates = readCertificates(files);
  const handshakes = new Handshakes(handshake.most, seldom(onError));
  const accepting = createServer({ ...certificates, ...options, handshakeTimeout: handshake.time }, (socket) => {
    if (handshakes.finish(socket)) server.emit("connection", socket);
    else socket.destroy();
  });
  accepting.on("connection", (socket) => handshakes.begin(socket));
  accepting.on("tlsClientError", (error, socket) => handshakes.fail(socket, error));
  try {
    const close = await boundaryOperation({ into: "process", what: () => `listen on ${host} port ${port}` }, () =>
      acceptFor(server, accepting, { host, port, onError }),
    );
    return () => {
      close();
      handshakes.end();
    };
  } catch (error) {
    throw refused(host, port, error);
  }
}

/** Of errors in quick succession the first alone is reported. */
function seldom(report: (error: Error) => void): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = Date.now();
    if (now - last < REPORTS) return;
    last = now;
    report(error);
  };
}

function refused(host: string, port: number, cause: unknown): unknown {
  const details = { host, port };
  switch ((cause as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new TsdError({
        kind: "conflict",
        code: "TSD_SOCKET_TAKEN",
        message: `port ${port} of ${host} is served by another program already`,
        hint: `Stop that first (ss -ltnp 'sport = ${port}'), or choose another port.`,
        ...{ details, cause },
      });
    case "EADDRNOTAVAIL":
      return new TsdError({
        kind: "invalid-input",
        code: "TSD_SERVICE_ADDRESS",
        message: `this machine does not have the address ${host}`,
        hint: "Choose one of its own: ip address",
        ...{ details, cause },
      });
    default:
      return cause;
  }
}
