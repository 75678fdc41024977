import type { Link, LinkAttribute, LinkKind } from "../../api/index.js";
import { interfaceName, quoted } from "../returned/field.js";
import { malformed } from "../returned/malformed.js";
import { plainJson } from "../returned/plain-json.js";
import { readLinkAttributes } from "../returned/read-link-attributes.js";
import { readWords } from "../returned/read-words.js";
import type { PluginCalls, ReadAnswer } from "./plugin-calls.js";

/** A third party's link type. */
export class GuardedLinkKind implements LinkKind {
  readonly type: LinkKind["type"];
  readonly feature?: NonNullable<LinkKind["feature"]>;
  readonly parent?: (link: Link) => string;

  constructor(
    private readonly kind: LinkKind,
    private readonly calls: PluginCalls,
  ) {
    this.type = kind.type;
    if (kind.feature !== undefined) this.feature = { ...kind.feature };
    if (kind.parent !== undefined) this.parent = (link) => this.parentOf(link);
  }

  data(link: Link): readonly LinkAttribute[] {
    return this.call("data", () => this.kind.data(structuredClone(link)), readLinkAttributes);
  }

  words(link: Link): readonly string[] {
    return this.call("words", () => this.kind.words(structuredClone(link)), readWords);
  }

  private parentOf(link: Link): string {
    return this.call("parent", () => this.kind.parent?.(structuredClone(link)), readName);
  }

  private call<T>(verb: string, work: () => unknown, read: ReadAnswer<T>): T {
    return this.calls.call({ verb, of: `link type "${this.type}"` }, work, read);
  }
}

function readName(answer: unknown): string {
  const name = plainJson(answer, "a name", 1000);
  if (typeof name === "string" && interfaceName.takes(name)) return name;
  throw malformed(`${quoted(name)}, which is not ${interfaceName.expected}`);
}
