import type { SeccompCondition, SeccompProfile, SeccompRule } from "../../contracts/index.js";
import {
  type Field,
  isAbsent,
  member,
  optional,
  parseDocument,
  readInteger,
  readList,
  readText,
  readWord,
} from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Reads a profile in docker's format (moby, profiles/seccomp). Throws `invalid-input` with the field that is wrong. */
export function parseSeccompProfile(text: string): SeccompProfile {
  const document = parseDocument(text, "profile", invalid);
  const errno = optional(member(document, "defaultErrnoRet"), readErrno);
  for (const name of ["listenerPath", "listenerMetadata"])
    if (!isAbsent(member(document, name))) throw invalid(`profile.${name} is not supported by tsd`, name);
  return {
    defaultAction: readAction(member(document, "defaultAction")),
    ...(errno === undefined ? {} : { defaultErrnoRet: errno }),
    architectures: list(member(document, "architectures"), readArchitecture),
    archMap: list(member(document, "archMap"), (entry) => ({
      architecture: readArchitecture(member(entry, "architecture")),
      subArchitectures: list(member(entry, "subArchitectures"), readArchitecture),
    })),
    rules: list(member(document, "syscalls"), readRule),
  };
}

function readRule(entry: Field): SeccompProfile["rules"][number] {
  const errnoRet = optional(member(entry, "errnoRet"), readErrno);
  const args = list(member(entry, "args"), readArgument);
  const one = optional(member(entry, "name"), readCall);
  return {
    names: [...(one === undefined ? [] : [one]), ...list(member(entry, "names"), readCall)],
    action: readAction(member(entry, "action")),
    ...(errnoRet === undefined ? {} : { errnoRet }),
    ...(args.length === 0 ? {} : { args }),
    includes: readCondition(member(entry, "includes")),
    excludes: readCondition(member(entry, "excludes")),
  };
}

function readArgument(entry: Field): NonNullable<SeccompRule["args"]>[number] {
  const valueTwo = optional(member(entry, "valueTwo"), readNumber);
  return {
    index: readInteger(member(entry, "index"), 0, 5),
    value: optional(member(entry, "value"), readNumber) ?? 0,
    ...(valueTwo === undefined ? {} : { valueTwo }),
    op: readWord(member(entry, "op"), "a comparison SCMP_CMP_…", (word) => /^SCMP_CMP_[A-Z_]{2,20}$/.test(word)),
  };
}

function readCondition(field: Field): SeccompCondition {
  if (isAbsent(field)) return { arches: [], caps: [] };
  const kernel = optional(member(field, "minKernel"), (version) =>
    readWord(version, "a version such as 4.8", (word) => /^\d{1,4}\.\d{1,4}$/.test(word)),
  );
  return {
    arches: list(member(field, "arches"), readText),
    caps: list(member(field, "caps"), readText),
    ...(kernel === undefined ? {} : { minKernel: kernel }),
  };
}

function list<T>(field: Field, read: (entry: Field) => T): readonly T[] {
  return isAbsent(field) ? [] : readList(field, read);
}

function readAction(field: Field): string {
  return readWord(field, "an action SCMP_ACT_…", (word) => /^SCMP_ACT_[A-Z_]{2,20}$/.test(word) && word !== notify);
}

/** It needs a program that decides, at the listener's path. */
const notify = "SCMP_ACT_NOTIFY";

function readArchitecture(field: Field): string {
  return readWord(field, "an architecture SCMP_ARCH_…", (word) => /^SCMP_ARCH_[A-Z0-9]{2,20}$/.test(word));
}

function readCall(field: Field): string {
  return readWord(field, "a system call", (word) => /^[a-z0-9_]{1,40}$/.test(word));
}

function readErrno(field: Field): number {
  return readInteger(field, 0, 4095);
}

function readNumber(field: Field): number {
  return readInteger(field, 0, Number.MAX_SAFE_INTEGER);
}

function invalid(fault: string, path: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_SECCOMP_PROFILE",
    message: `the seccomp profile cannot be used: ${fault}`,
    hint: "Give a profile in docker's JSON format, or seccomp=unconfined.",
    details: { path },
  });
}
