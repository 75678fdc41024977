import type { ServerResponse } from "node:http";

/** Of every reply: no other site may frame it, load it, learn its address, or have it run anything of its own. */
export function commonHeaders(styleHash: string, pid: number): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' '${styleHash}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    // By which one server of tsd's knows another.
    "tsd-process": String(pid),
  };
}

/** A reply that is whole. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Where a redirection leads. */
  readonly location?: string;
}

export const types = {
  html: "text/html; charset=utf-8",
  style: "text/css; charset=utf-8",
  script: "text/javascript; charset=utf-8",
  icon: "image/svg+xml",
  text: "text/plain; charset=utf-8",
} as const;

/** One sentence, for who gets no page. */
export function sentence(status: number, text: string): Reply {
  return { status, type: types.text, text: `${text}\n` };
}

export function elsewhere(location: string): Reply {
  return { ...sentence(308, `The page is at ${location}`), location };
}

export function send(response: ServerResponse, { status, type, text, location }: Reply, isHead: boolean): void {
  if (location !== undefined) response.setHeader("Location", location);
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  response.end(isHead ? undefined : text);
}
