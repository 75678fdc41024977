import { isIP } from "node:net";
import type { TsdError } from "../../api/index.js";
import {
  type Field,
  member,
  optional,
  parseDocument,
  readInteger,
  readList,
  readText,
  readWord,
} from "../../contracts/json-field.js";
import { pluginFailure } from "./cni-failure.js";
import type { JsonObject } from "./resources.js";

/** What ADD printed (SPEC.md, "ADD Success"), as far as tsd needs to know it. */
export interface CniResult {
  /** As it came, for the plug-ins that get it. */
  readonly json: JsonObject;
  readonly interfaces: readonly CniInterface[];
  readonly ips: readonly CniAddress[];
}

interface CniInterface {
  readonly name: string;
  readonly mac?: string;
  /** Path of the namespace; absent for one of the host. */
  readonly sandbox?: string;
}

interface CniAddress {
  /** With prefix length. */
  readonly address: string;
  /** Which of the interfaces. */
  readonly interface?: number;
}

/** Throws `plugin` naming the field that is not as it has to be. */
export function readResult(type: string, text: string): CniResult {
  const refuse = (fault: string): TsdError => pluginFailure(type, "ADD", `it printed no result: ${fault}`);
  const document = parseDocument(text, "the result", refuse);
  const entries = <T>(name: string, read: (field: Field) => T): readonly T[] =>
    optional(member(document, name), (field) => readList(field, read)) ?? [];
  const interfaces = entries("interfaces", readInterface);
  const ips = entries("ips", (field) => readAddress(field, interfaces.length));
  entries("routes", (field) => readText(member(field, "dst")));
  return { json: document.value as JsonObject, interfaces, ips };
}

function readInterface(field: Field): CniInterface {
  const mac = optional(member(field, "mac"), readText) || undefined;
  const sandbox = optional(member(field, "sandbox"), readText) || undefined;
  return {
    name: readWord(member(field, "name"), "the name of an interface", isInterfaceName),
    ...(mac === undefined || !isMac(mac) ? {} : { mac: mac.toLowerCase() }),
    ...(sandbox === undefined ? {} : { sandbox }),
  };
}

function readAddress(field: Field, interfaces: number): CniAddress {
  const address = readWord(member(field, "address"), "an IP address with prefix length", isCidr);
  const index = optional(member(field, "interface"), (one) => readInteger(one, 0, interfaces - 1));
  return { address, ...(index === undefined ? {} : { interface: index }) };
}

function isInterfaceName(text: string): boolean {
  return /^[^\s/:\0]{1,15}$/u.test(text) && text !== "." && text !== "..";
}

function isMac(text: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text);
}

function isCidr(text: string): boolean {
  const [, address = "", length] = /^([0-9A-Fa-f:.]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(length) <= (family === 4 ? 32 : 128);
}
