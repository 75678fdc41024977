import { refusal } from "./http/refusal.js";

/** Minor numbers of the API's versions 1.x that tsd speaks: docker 1.12 to 28.1. */
const OLDEST = 24;
const NEWEST = 49;

export const minApiVersion = `1.${OLDEST}`;
export const apiVersion = `1.${NEWEST}`;

export interface Versioned {
  /** Of 1.x. A path without a version means the newest. */
  readonly minor: number;
  /** The path without its version. */
  readonly path: string;
}

/** Takes the version off a path: `/v1.47/info`. Throws 400 for one that tsd does not speak, in docker's words. */
export function takeVersion(path: string): Versioned {
  const [, major, minor = "0", rest = ""] = /^\/v(\d{1,4})(?:\.(\d{1,4}))?(\/.*)$/s.exec(path) ?? [];
  if (major === undefined) return { minor: NEWEST, path };
  const asked = `${major}.${minor}`;
  const order = Number(major) - 1 || Number(minor);
  if (Number(major) > 1 || order > NEWEST) {
    throw refusal(400, `client version ${asked} is too new. Maximum supported API version is ${apiVersion}`);
  }
  if (Number(major) < 1 || order < OLDEST) {
    const hint = "please upgrade your client to a newer version";
    throw refusal(
      400,
      `client version ${asked} is too old. Minimum supported API version is ${minApiVersion}, ${hint}`,
    );
  }
  return { minor: order, path: rest };
}
