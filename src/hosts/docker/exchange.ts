import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { PluginAddress } from "./plugin-address.js";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What a request came to where no whole reply came back; `reached` is whether the plug-in may have got it. */
export interface NoReply {
  readonly reached: boolean;
  readonly why: string;
}

const LONGEST_REPLY = 1024 ** 2;
/** Of dockerd. Requests have no Content-Type, and redirects are statuses like any other. */
const ACCEPT = "application/vnd.docker.plugins.v1.2+json";

interface Sent {
  readonly path: string;
  readonly body: string;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
}

/** Sends one request and returns the whole reply. Never rejects. */
export function exchange({ isSecure, options }: PluginAddress, sent: Sent): Promise<Reply | NoReply> {
  return new Promise((resolve) => {
    let reached = false;
    const end = (outcome: Reply | NoReply): void => {
      clearTimeout(timer);
      resolve(outcome);
      request.destroy();
    };
    const timer = setTimeout(() => {
      end({ reached, why: `it did not reply within ${sent.timeout / 1000} seconds` });
    }, sent.timeout);
    const request = begin(isSecure, options, sent);
    request.on("socket", (socket) => socket.on("connect", () => (reached = true)));
    request.on("error", (error: NodeJS.ErrnoException) => {
      end({ reached, why: reached ? whyOf(error) : connectWords(error) });
    });
    request.on("response", (response) => {
      read(response).then(end, (error: unknown) => end({ reached: true, why: whyOf(error) }));
    });
    request.end(sent.body);
  });
}

function begin(isSecure: boolean, options: PluginAddress["options"], { path, body }: Sent): ClientRequest {
  const headers = {
    ...options.headers,
    Accept: ACCEPT,
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  };
  return (isSecure ? httpsRequest : httpRequest)({ ...options, method: "POST", path, headers, agent: false });
}

async function read(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_REPLY) throw new Error("it replied with more than 1 MiB");
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
}

function connectWords({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ECONNREFUSED") return "nothing listens at its address (ECONNREFUSED)";
  return message;
}

function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ECONNRESET" || code === "EPIPE") return "it closed the connection before it had replied";
  if (code?.startsWith("HPE_")) return "it replied with something else than HTTP";
  return message;
}
