import type { Resource } from "../../api/index.js";
import { checkFields, quoted } from "./field.js";
import { malformed } from "./malformed.js";
import { isList, type JsonObject, plainJson, wordsFor } from "./plain-json.js";
import { fieldsOfKind, fieldsOfLinkType, linkFields, reservedKinds } from "./resource-fields.js";
import { type ListedBy, refuseForeign } from "./resource-scope.js";

/** Words of resources beside tsd's own, which extensions brought. */
export interface Vocabulary {
  hasKind(kind: string): boolean;
  hasLinkType(type: string): boolean;
}

const MAX_RESOURCES = 4096;
const MAX_CHARACTERS = 1_048_576;

/**
 * Reads a driver's list: a copy in which every field of tsd's own kinds is of its type, and everything is within what the
 * network or endpoint that lists it may have. Throws {@link malformed} for the first resource that is not.
 */
export function readResources(answer: unknown, vocabulary: Vocabulary, by: ListedBy): readonly Resource[] {
  if (Array.isArray(answer) && answer.length > MAX_RESOURCES) {
    throw malformed(`${answer.length} resources, where at most ${MAX_RESOURCES} are accepted`);
  }
  const list = plainJson(answer, "a list of resources", MAX_CHARACTERS);
  if (!isList(list)) throw malformed(`${wordsFor(list)}, where a list of resources is expected`);
  const resources = list.map((item, index) => {
    if (typeof item !== "object" || item === null || isList(item)) {
      throw malformed(`${wordsFor(item)} as resource ${index + 1}`);
    }
    checkResource(item, vocabulary, index + 1);
    return item as unknown as Resource;
  });
  refuseForeign(resources, by);
  return resources;
}

function checkResource(resource: JsonObject, vocabulary: Vocabulary, number: number): void {
  const { kind, ...rest } = resource;
  const what = `resource ${number}`;
  if (typeof kind !== "string") throw malformed(`${what} without a kind`);
  const word: string = kind;
  if (word === "link") {
    checkLink(rest, vocabulary, what);
    return;
  }
  const fields = fieldsOfKind(word);
  if (fields !== undefined) checkFields(rest, fields, `${what}, of kind ${word},`);
  else if (reservedKinds.includes(word)) throw malformed(`${what} of kind ${word}, and paths are tsd's own`);
  else if (!vocabulary.hasKind(word)) throw malformed(`${what} of kind ${quoted(word)}, which no extension brings`);
}

function checkLink({ type, ...rest }: JsonObject, vocabulary: Vocabulary, what: string): void {
  if (typeof type !== "string") throw malformed(`${what}, a link without a type`);
  const word: string = type;
  const called = `${what}, a link of type ${quoted(word)},`;
  const own = fieldsOfLinkType(word);
  if (own === undefined && !vocabulary.hasLinkType(word)) throw malformed(`${called} which no extension brings`);
  // The other fields of a type that an extension brings are read by its own code.
  const isChecked = (name: string): boolean => own !== undefined || Object.hasOwn(linkFields, name);
  const checked = Object.fromEntries(Object.entries(rest).filter(([name]) => isChecked(name)));
  checkFields(checked, { ...linkFields, ...own }, called);
}
