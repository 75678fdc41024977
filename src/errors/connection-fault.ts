import { printable } from "./printable.js";

/** What another machine sends is quoted, cut short and made printable. */
const QUOTED_MAX = 80;

/** Of Node.js and of Bun. */
const words: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name does not resolve",
  EAI_AGAIN: "its name does not resolve, since no name server replies",
  ECONNREFUSED: "nothing listens there",
  ConnectionRefused: "nothing listens there",
  ENETUNREACH: "no route leads there",
  EHOSTUNREACH: "no route leads there",
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  ERR_SOCKET_CLOSED: "it closed the connection",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS",
};

/** Words for what Node.js reports of a connection. */
export function connectionFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return words[code ?? ""] ?? quoted(message ?? String(error));
}

export function quoted(text: string): string {
  return printable(text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text);
}
