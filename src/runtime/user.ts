import { TsdError } from "../errors/tsd-error.js";
import { readRootfsFile } from "./rootfs-file.js";

/** Who a process runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
  readonly home: string;
}

/** The two databases of a root file system; see passwd(5) and group(5). Empty where it has none. */
export interface UserDatabases {
  readonly passwd: string;
  readonly group: string;
}

/** Kernel ids are 32 bits wide, but runtimes take signed ones. */
const MAX_ID = 2 ** 31 - 1;

export function readUserDatabases(rootfs: string): UserDatabases {
  return {
    passwd: readRootfsFile(rootfs, "etc/passwd") ?? "",
    group: readRootfsFile(rootfs, "etc/group") ?? "",
  };
}

/**
 * Finds `USER[:GROUP]`; empty means root. Names win over numbers, and a number needs no entry: it then has group 0 and the
 * home `/`. Without a group, the user's own and all that list the user apply; with one, that one alone. Throws `not-found`.
 */
export function resolveUser(wanted: string, databases: UserDatabases): User {
  const [name = "", groupName] = wanted.split(":", 2);
  const accounts = records(databases.passwd, 6);
  const groups = records(databases.group, 3);
  const account = findAccount(accounts, name === "" ? "0" : name);
  if (account === undefined) throw unknown("user", name, "/etc/passwd");
  if (groupName === undefined || groupName === "") {
    return { ...pick(account), additionalGids: groupsOf(account, groups) };
  }
  const gid = parseId(groups.find(([found]) => found === groupName)?.[2]) ?? parseId(groupName);
  if (gid === undefined) throw unknown("group", groupName, "/etc/group");
  return { ...pick(account), gid, additionalGids: [] };
}

/** Numbers of groups by name or number; a number needs no entry. Throws `not-found`. */
export function resolveGroups(wanted: readonly string[], { group }: Pick<UserDatabases, "group">): readonly number[] {
  const groups = wanted.length === 0 ? [] : records(group, 3);
  return wanted.map((name) => {
    const gid = parseId(groups.find(([found]) => found === name)?.[2]) ?? parseId(name);
    if (gid === undefined) throw unknown("group", name, "/etc/group");
    return gid;
  });
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

function findAccount(accounts: readonly (readonly string[])[], wanted: string): Account | undefined {
  const number = parseId(wanted);
  const entry =
    accounts.find(([name]) => name === wanted) ??
    (number === undefined ? undefined : accounts.find(([, , uid]) => parseId(uid) === number));
  const uid = parseId(entry?.[2]) ?? number;
  if (uid === undefined) return undefined;
  return { name: entry?.[0] ?? "", uid, gid: parseId(entry?.[3]) ?? 0, home: entry?.[5] || "/" };
}

/** A user without an entry has no name that a group could list. */
function groupsOf({ name }: Account, groups: readonly (readonly string[])[]): readonly number[] {
  const listing = groups.filter(([, , , members = ""]) => name !== "" && members.split(",").includes(name));
  return listing.flatMap(([, , gid]) => parseId(gid) ?? []);
}

function pick({ uid, gid, home }: Account): Pick<User, "uid" | "gid" | "home"> {
  return { uid, gid, home };
}

/** Lines with too few fields, comments among them, are passed over. */
function records(text: string, fields: number): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trimEnd().split(":"))
    .filter((record) => record.length >= fields && record[0] !== "");
}

function parseId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= MAX_ID ? id : undefined;
}

function unknown(what: string, name: string, file: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_RUNTIME_USER_UNKNOWN",
    message: `the container has no ${what} "${name}" in its ${file}`,
    hint: "Name one it has, or give a number.",
    details: { [what]: name },
  });
}
