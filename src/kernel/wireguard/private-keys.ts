import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { TsdError } from "../../errors/tsd-error.js";
import { ensureDirectory } from "../files/directory-resource.js";
import { ensureFile, removeFile } from "../files/file-resource.js";
import { statusOf } from "../files/path-status.js";
import { readPrivateFile } from "../files/private-file.js";
import { WG_KEY_LEN } from "./protocol.js";

/** What comes before the octets of a private X25519 key in PKCS #8 (RFC 8410 §7), and of a public one in its own form (§4). */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");
const SPKI_LENGTH = 12;
const WHAT = "the private key of WireGuard";

/** Which of this host's keys for a network. */
export interface KeyName {
  /** Id. */
  readonly network: string;
  readonly generation: number;
}

/**
 * This host's private keys, a file each, as wg(8) writes and reads them, for root alone. What is no key, or what others may have read, is
 * as good as none.
 */
export class PrivateKeys {
  constructor(readonly directory: string) {}

  pathOf({ network, generation }: KeyName): string {
    return `${this.directory}/${network}.${generation}`;
  }

  /** Octets; draws a key where there is none. Throws `kernel` or `permission`. */
  require(name: KeyName): Buffer {
    const key = this.find(name);
    if (typeof key !== "string") return key;
    const drawn = drawKey();
    ensureDirectory({ kind: "directory", path: this.directory, mode: 0o700 });
    // Another user may have the old file open.
    this.remove(name);
    ensureFile({ kind: "file", path: this.pathOf(name), content: `${drawn.toString("base64")}\n`, mode: 0o600 });
    const kept = this.find(name);
    return typeof kept === "string" ? drawn : kept;
  }

  /** Octets, or in words after "its private key" why there is none. */
  find(name: KeyName): Buffer | string {
    const path = this.pathOf(name);
    if (statusOf(path) === undefined) return "is missing";
    try {
      const text = readPrivateFile(path, WHAT).trim();
      const key = Buffer.from(text, "base64");
      return key.length === WG_KEY_LEN && key.toString("base64") === text ? key : "is none";
    } catch (error) {
      if (TsdError.is(error, "permission")) return "was open to other users";
      if (TsdError.is(error, "invalid-input")) return "is none";
      throw error;
    }
  }

  /** Base64; undefined where there is no private one. */
  findPublic(name: KeyName): string | undefined {
    const key = this.find(name);
    return typeof key === "string" ? undefined : publicKeyOf(key);
  }

  remove(name: KeyName): void {
    removeFile({ kind: "file", path: this.pathOf(name), content: "" });
  }
}

/** In the form that the kernel keeps (RFC 7748 §5), so that it knows it again and keeps its sessions. */
export function drawKey(): Buffer {
  const key = randomBytes(WG_KEY_LEN);
  key.writeUInt8(key.readUInt8(0) & 248, 0);
  key.writeUInt8((key.readUInt8(WG_KEY_LEN - 1) & 127) | 64, WG_KEY_LEN - 1);
  return key;
}

/** Base64. */
export function publicKeyOf(privateKey: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, privateKey]), format: "der", type: "pkcs8" });
  return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI_LENGTH).toString("base64");
}
